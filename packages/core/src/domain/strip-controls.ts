const forbidden =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Makes text harmless to show: control characters and those that change its direction become `U+FFFD`; line breaks and tabs stay. */
export function stripControls(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(forbidden, '\ufffd');
}

/** The same, on one line: what belongs on one line must not look like several. */
export function stripToOneLine(text: string): string {
  return stripControls(text).replace(/\s*[\n\t]\s*/g, ' ');
}
