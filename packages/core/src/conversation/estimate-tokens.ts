const perMessage = 4;

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
  return perMessage + Math.ceil(ascii / 4) + others;
}
