const perMessage = 4;
const asciiPerToken = 4;

/**
 * Estimates the tokens of a text without the model's own counter: one for 4 characters of ASCII, one for each other
 * character, 4 for the message around it. Too high for most languages, which keeps a budget on the safe side.
 */
export function estimateTokens(text: string): number {
  let ascii = 0;
  let others = 0;
  for (const character of text) {
    if (character.charCodeAt(0) < 128) ascii += 1;
    else others += 1;
  }
  return perMessage + Math.ceil(ascii / asciiPerToken) + others;
}

/** The beginning of a text that adds no more than so many tokens to a message, by the same estimate; no character is cut in half. */
export function takeTokens(text: string, tokens: number): string {
  let quarters = tokens * asciiPerToken;
  let length = 0;
  for (const character of text) {
    quarters -= character.charCodeAt(0) < 128 ? 1 : asciiPerToken;
    if (quarters < 0) break;
    length += character.length;
  }
  return text.slice(0, length);
}
