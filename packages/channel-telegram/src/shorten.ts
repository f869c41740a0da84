/** Shortens a text so that it ends with a note on how much is missing and where it stands; never inside a symbol. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const noteFor = (missing: number): string => `\n… ${missing} more characters: see the Dogwatch console`;
  const room = Math.max(0, maxLength - noteFor(text.length).length);
  const lineEnd = text.lastIndexOf('\n', room);
  let end = lineEnd > room / 2 ? lineEnd : room;
  if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end -= 1;
  return `${text.slice(0, end)}${noteFor(text.length - end)}`;
}

/** Shortens a line: `…` at its end, never inside a symbol. */
export function shortenLine(line: string, maxLength: number): string {
  if (line.length <= maxLength) return line;
  const end = /[\ud800-\udbff]/.test(line.charAt(maxLength - 2)) ? maxLength - 2 : maxLength - 1;
  return `${line.slice(0, end)}…`;
}

/** Shares room among texts so that short ones stay whole and long ones get equal shares. */
export function shareRoom(lengths: readonly number[], room: number): readonly number[] {
  const shares = new Array<number>(lengths.length).fill(0);
  const byLength = lengths.map((length, index) => ({ length, index })).sort((a, b) => a.length - b.length);
  let left = room;
  byLength.forEach(({ length, index }, position) => {
    const fair = Math.floor(left / (byLength.length - position));
    shares[index] = Math.min(length, fair);
    left -= shares[index];
  });
  return shares;
}
