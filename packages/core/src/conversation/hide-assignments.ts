// What stands before a separator is read back no further than this: spaces, a quote, and a name.
const maxSpaces = 4;
const maxNameLength = 80;

const words = 'password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?';
const secretWord = new RegExp(`(?:${words})`, 'i');
const assignedName = new RegExp(`(?:${words})[A-Za-z0-9_.-]{0,30}$`, 'i');
// `secretName: web-tls` names an object, and `tokens: 512` counts.
const harmlessName = /(?:names?|refs?|count|tokens|version|type|path|file|ttl|mount|enabled|expir[a-z]*|_at)$/i;
// Each alternative ends at a character that it cannot contain. What was cut off before its closing quote ends with its line.
const assignedValue = /\s{0,4}(?:\\"[^"\\\n]*(?:\\")?|"(?:[^"\\\n]|\\[^\n])*"?|'[^'\n]*'?|[^\s"',;&}\\]+)/y;

/** Whether a name is that of a secret, and not of something around one. */
export function isSecretName(name: string): boolean {
  return secretWord.test(name) && !harmlessName.test(name.slice(-maxNameLength));
}

/**
 * Hides the values that are assigned to telling names: `DB_PASSWORD=…`, `"api_key": "…"`.
 *
 * It goes from separator to separator and looks a bounded way back from each, so it takes the time of reading the text once. A
 * pattern that began with the name would try every character as its beginning, hundreds of times each.
 */
export function hideAssignments(text: string, hidden: string): string {
  const separator = /[=:]/g;
  let shown = '';
  let done = 0;
  for (let found = separator.exec(text); found !== null; found = separator.exec(text)) {
    const name = readNameBefore(text, found.index, done);
    if (!assignedName.test(name) || harmlessName.test(name)) continue;
    assignedValue.lastIndex = separator.lastIndex;
    const [whole] = assignedValue.exec(text) ?? [];
    if (whole === undefined) continue;
    const value = whole.trimStart();
    const quote = /^\\?["']/.exec(value)?.[0] ?? '';
    const end = value.length > quote.length && value.endsWith(quote) ? quote : '';
    const valueEnd = separator.lastIndex + whole.length;
    shown += `${text.slice(done, valueEnd - value.length)}${quote}${hidden}${end}`;
    done = valueEnd;
    separator.lastIndex = valueEnd;
  }
  return shown + text.slice(done);
}

/** The name in front of a separator, with a quote and a few spaces between them; empty where there is none. */
function readNameBefore(text: string, separatorAt: number, from: number): string {
  let end = separatorAt;
  while (end > from && separatorAt - end < maxSpaces && isSpace(text, end - 1)) end -= 1;
  if (end > from && (text[end - 1] === '"' || text[end - 1] === "'")) end -= 1;
  if (end > from && text[end - 1] === '\\') end -= 1;
  let start = end;
  while (start > from && end - start < maxNameLength && isNameCharacter(text.charCodeAt(start - 1))) start -= 1;
  return text.slice(start, end);
}

function isSpace(text: string, at: number): boolean {
  return /\s/.test(text.charAt(at));
}

// A–Z, a–z, 0–9, `_`, `.` and `-`.
function isNameCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 45 && code <= 57 && code !== 47) ||
    code === 95
  );
}
