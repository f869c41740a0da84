import assert from 'node:assert/strict';

/** Asserts that an object has these properties, whatever else it has. */
export function assertIncludes<T extends object>(actual: T | null | undefined, expected: Partial<T>): void {
  assert.ok(actual, 'there is no object');
  const picked = Object.fromEntries(Object.keys(expected).map((key) => [key, actual[key as keyof T]]));
  assert.deepEqual(picked, expected);
}
