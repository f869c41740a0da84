import assert from 'node:assert/strict';

/** Asserts that an object has these members with these values; it may have more. */
export function assertPart(actual: object | undefined, part: Readonly<Record<string, unknown>>): void {
  const found = Object.fromEntries(
    Object.keys(part).map((key) => [key, (actual as Record<string, unknown> | undefined)?.[key]]),
  );
  assert.deepEqual(found, part);
}
