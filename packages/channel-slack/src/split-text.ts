const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

function cutPoint(text: string, from: number, maxLength: number): number {
  const until = from + maxLength;
  // A cut in the first half would leave messages that hold nearly nothing.
  const earliest = from + Math.ceil(maxLength / 2);
  for (const separator of ['\n', ' ']) {
    const at = text.lastIndexOf(separator, until - 1);
    if (at + 1 >= earliest) return at + 1;
  }
  const isInsidePair = isHighSurrogate(text.charCodeAt(until - 1)) && isLowSurrogate(text.charCodeAt(until));
  return isInsidePair && maxLength > 1 ? until - 1 : until;
}

/**
 * Splits text into pieces of at most `maxLength` UTF-16 units (at least 2), at a line break or space where there is one in the second
 * half, never inside a surrogate pair. The pieces joined are the text.
 */
export function splitText(text: string, maxLength: number): readonly string[] {
  const pieces: string[] = [];
  let from = 0;
  while (text.length - from > maxLength) {
    const until = cutPoint(text, from, maxLength);
    pieces.push(text.slice(from, until));
    from = until;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

/** How text begins, in at most `maxLength` units, and how much there is more. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const tail = (kept: number): string => ` … (${text.length - kept} more characters)`;
  const [begin = ''] = splitText(text, maxLength - tail(0).length);
  return `${begin.trimEnd()}${tail(begin.length)}`;
}
