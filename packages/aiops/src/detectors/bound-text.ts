const mark = ' … ';

/**
 * Puts a text that came from the cluster on one line of at most `maxLength` characters. What is too long loses its middle:
 * errors begin with what was tried and end with why it failed.
 */
export function boundText(text: string, maxLength: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= maxLength) return line;
  const kept = maxLength - mark.length;
  const head = Math.ceil(kept / 3);
  // Cutting inside a surrogate pair would leave half a character.
  const before = line.slice(0, head).replace(/[\uD800-\uDBFF]$/, '');
  const after = line.slice(line.length - (kept - head)).replace(/^[\uDC00-\uDFFF]/, '');
  return `${before.trimEnd()}${mark}${after.trimStart()}`;
}
