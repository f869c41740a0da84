import type { JsonValue } from '../domain/json.js';

const hidden = '[redacted]';

// Each pattern is linear: no repetition of repetitions, and every unbounded part ends at a character that it cannot contain.
const privateKey =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?:(?!-----END)[\s\S])*(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----)?/g;
const authorization = /\b(bearer|basic)(\s{1,4})[A-Za-z0-9._~+/=-]{8,}/gi;
const jsonWebToken = /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g;
const urlPassword = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"']{0,100}):[^\s@/"']{1,200}@/gi;
const knownTokens =
  /\b(?:(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}|sk-[A-Za-z0-9_-]{16,}|AIza[A-Za-z0-9_-]{30,}|\d{8,10}:[A-Za-z0-9_-]{35}\b)/g;
const secretWord =
  'password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?';
const assignment = new RegExp(
  `([A-Za-z0-9_.-]{0,30}(?:${secretWord})[A-Za-z0-9_.-]{0,30})(\\\\?["']?\\s{0,4}[=:]\\s{0,4})` +
    `(\\\\"[^"\\\\\\n]*\\\\"|"[^"\\n]*"|'[^'\\n]*'|[^\\s"',;&}\\\\]+)`,
  'gi',
);
const secretName = new RegExp(`(?:${secretWord})`, 'i');
// `secretName: web-tls` names an object, and `tokens: 512` counts.
const harmlessName = /(?:names?|refs?|count|tokens|version|type|path|file|ttl|mount|enabled|expir[a-z]*|_at)$/i;

/** Hides what looks like a password, token or key in a text; the words around it stay. */
export function redactSecrets(text: string): string {
  return text
    .replace(privateKey, hidden)
    .replace(authorization, `$1$2${hidden}`)
    .replace(jsonWebToken, hidden)
    .replace(knownTokens, hidden)
    .replace(urlPassword, `$1:${hidden}@`)
    .replace(assignment, hideAssigned);
}

/** Hides the same in every text of a JSON value, and whole values under a telling name (`password`, or `name` and `value` of a variable). */
export function redactJson(value: JsonValue): JsonValue {
  if (typeof value === 'string') return redactSecrets(value);
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(redactJson);
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Readonly<Record<string, JsonValue>>;
  const isSecretVariable = typeof fields['name'] === 'string' && isSecretName(fields['name']);
  return Object.fromEntries(
    Object.entries(fields).map(([key, part]) => {
      const isHidden = typeof part === 'string' && (isSecretName(key) || (key === 'value' && isSecretVariable));
      return [key, isHidden ? hidden : redactJson(part)];
    }),
  );
}

function isSecretName(name: string): boolean {
  return secretName.test(name) && !harmlessName.test(name);
}

function hideAssigned(whole: string, name: string, between: string, value: string): string {
  if (harmlessName.test(name) || value.includes(hidden)) return whole;
  const quote = /^\\?["']/.exec(value)?.[0] ?? '';
  return `${name}${between}${quote}${hidden}${quote}`;
}
