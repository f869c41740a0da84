import type { JsonValue } from '../domain/json.js';

const loneSurrogate = /\p{Surrogate}/gu;

/** Replaces what not every database can keep in a text, NULs and lone surrogates, by U+FFFD. */
export function cleanText(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').replace(loneSurrogate, '\uFFFD');
}

/** Does the same for every text in a JSON value, keys included. */
export function cleanJson<T extends JsonValue>(value: T): T {
  if (typeof value === 'string') return cleanText(value) as T;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(cleanJson) as unknown as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [cleanText(key), cleanJson(part as JsonValue)] as const);
  return Object.fromEntries(entries) as T;
}
