const invisible =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Text as it may be shown: characters that would change what stands around them become `U+FFFD`. */
export function visibleText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(invisible, '\ufffd');
}
