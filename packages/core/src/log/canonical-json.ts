import { AppError } from '../errors/app-error.js';
import type { JsonValue } from '../domain/json.js';

/** How deep objects and arrays may be nested in a value that is hashed or stored. */
export const MAX_JSON_DEPTH = 200;

/** Answers where and why a value is not plain JSON (`data.items[2]: undefined`), or `null` when it is. */
export function findNonJson(value: unknown, path = 'value', depth = 0): string | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${path}: ${value}`;
  if (typeof value !== 'object') return `${path}: ${typeof value}`;
  if (depth >= MAX_JSON_DEPTH) return `${path}: nested deeper than ${MAX_JSON_DEPTH} levels`;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const problem = findNonJson(value[index], `${path}[${index}]`, depth + 1);
      if (problem !== null) return problem;
    }
    return null;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `${path}: an instance of ${className(prototype)}`;
  for (const [key, item] of Object.entries(value)) {
    const problem = findNonJson(item, `${path}.${key}`, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

function className(prototype: unknown): string {
  const constructor = (prototype as { constructor?: unknown }).constructor;
  return typeof constructor === 'function' ? constructor.name : 'an unknown class';
}

/**
 * Writes a value as canonical JSON (RFC 8785): equal values give equal text, whatever the order of their keys.
 *
 * One step beyond the RFC: a lone surrogate, which it refuses, is written as its escape (`\ud800`), so that a string cut
 * in the middle of a character can still be hashed and stored. Anything that is not plain JSON throws `DW_JSON_INVALID`.
 */
export function canonicalJson(value: JsonValue): string {
  const problem = findNonJson(value);
  if (problem !== null) {
    throw new AppError(
      'DW_JSON_INVALID',
      `Cannot write canonical JSON of '${problem}'. Use strings, finite numbers, booleans, null, arrays and plain objects.`,
    );
  }
  return write(value);
}

function write(value: JsonValue): string {
  // The number and string forms of RFC 8785 are those of JSON.stringify.
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(write).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${write(value[key] as JsonValue)}`);
  return `{${members.join(',')}}`;
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
