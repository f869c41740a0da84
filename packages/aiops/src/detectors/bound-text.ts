/** Puts a text that came from the cluster on one line of at most `maxLength` characters. */
export function boundText(text: string, maxLength: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= maxLength) return line;
  // Cutting inside a surrogate pair would leave half a character.
  return `${line.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
