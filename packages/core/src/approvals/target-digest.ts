import { createHash } from 'node:crypto';
import { canonicalJson } from '../log/canonical-json.js';
import type { LiveObject } from '../domain/cluster-object.js';
import type { JsonValue } from '../domain/json.js';

/** The digest that binds an approval to what the call touches: SHA-256 of canonical `{ uid, pointer → live value or null }`. */
export function digestTarget(live: LiveObject, pointers: readonly string[]): string {
  const values = pointers.map((pointer): [string, JsonValue] => [pointer, readPointer(live.object, pointer)]);
  return createHash('sha256')
    .update(canonicalJson({ ...Object.fromEntries(values), uid: live.uid }))
    .digest('hex');
}

/** The value at a JSON pointer (RFC 6901); `null` where there is none. */
export function readPointer(value: JsonValue, pointer: string): JsonValue {
  let current: JsonValue = value;
  for (const raw of pointer.split('/').slice(1)) {
    const segment = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    if (current === null || typeof current !== 'object' || !Object.hasOwn(current, segment)) return null;
    current = (current as Readonly<Record<string, JsonValue>>)[segment] ?? null;
  }
  return current;
}
