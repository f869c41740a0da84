import type { JsonValue } from '../domain/json.js';
import { hideAssignments, isSecretName } from './hide-assignments.js';

const hidden = '[redacted]';

// Each pattern is linear: no repetition of repetitions, every unbounded part ends at a character that it cannot contain, and none
// is begun anew within what another try has read to its end already.
const privateKey =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?:(?!-----END)[\s\S])*(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----)?/g;
const authorization = /\b(bearer|basic)(\s{1,4})[A-Za-z0-9._~+/=-]{8,}/gi;
const jsonWebTokenStart = /\beyJ[\w-]{8}/;
const jsonWebToken = /(?<![\w-])(?=[\w-]*?\beyJ[\w-]{8})[\w-]+\.[\w-]{4,}(?:\.[\w-]*)?/g;
const urlPassword = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"']{0,100}):[^\s@/"']{1,200}@/gi;
const knownTokens =
  /\b(?:(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}|sk-[A-Za-z0-9_-]{16,}|AIza[A-Za-z0-9_-]{30,}|\d{8,10}:[A-Za-z0-9_-]{35}\b)/g;

/** Hides what looks like a password, token or key in a text; the words around it stay. */
export function redactSecrets(text: string): string {
  const withoutKnown = text
    .replace(privateKey, hidden)
    .replace(authorization, `$1$2${hidden}`)
    .replace(jsonWebToken, hideJsonWebToken)
    .replace(knownTokens, hidden)
    .replace(urlPassword, `$1:${hidden}@`);
  return hideAssignments(withoutKnown, hidden);
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

// What stands before it in the same run, as in `session-eyJ…`, stays.
function hideJsonWebToken(run: string): string {
  const at = run.search(jsonWebTokenStart);
  return `${run.slice(0, Math.max(0, at))}${hidden}`;
}
