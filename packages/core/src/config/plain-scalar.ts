const words: Readonly<Record<string, boolean | null>> = {
  null: null,
  Null: null,
  NULL: null,
  '~': null,
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};
const number = /^[-+]?(\d+|(\d+\.\d*|\.\d+)([eE][-+]?\d+)?|\d+[eE][-+]?\d+|0x[\da-fA-F]+|0o[0-7]+)$/;

/** Reads a text as YAML 1.2 reads an unquoted scalar: numbers, booleans and null become what they look like. */
export function resolvePlainScalar(text: string): string | number | boolean | null {
  if (Object.hasOwn(words, text)) return words[text]!;
  return number.test(text) ? Number(text) : text;
}
