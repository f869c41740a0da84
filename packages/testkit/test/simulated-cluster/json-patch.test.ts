import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyJsonPatch, JsonPatchError, parsePointer } from '../../dist/simulated-cluster/json-patch.js';
import type { JsonValue } from '../../dist/simulated-cluster/kube-object.js';

const json = fc.jsonValue() as fc.Arbitrary<JsonValue>;
const key = fc.string({ minLength: 1 });

function escape(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}

describe('applyJsonPatch', () => {
  it('adds, replaces, removes, moves and copies as RFC 6902 says', () => {
    const patched = applyJsonPatch({ a: [1, 2], b: { c: 'x' } }, [
      { op: 'test', path: '/b/c', value: 'x' },
      { op: 'add', path: '/a/1', value: 9 },
      { op: 'add', path: '/a/-', value: 3 },
      { op: 'replace', path: '/a/0', value: 0 },
      { op: 'move', from: '/b/c', path: '/d' },
      { op: 'copy', from: '/a', path: '/e' },
      { op: 'remove', path: '/a' },
    ]);
    assert.deepEqual(patched, { b: {}, d: 'x', e: [0, 9, 2, 3] });
  });

  for (const [what, operation] of [
    ['a failed test', { op: 'test', path: '/a', value: 2 }],
    ['a test of a missing member', { op: 'test', path: '/z', value: 2 }],
    ['replacing a missing member', { op: 'replace', path: '/z', value: 2 }],
    ['removing a missing member', { op: 'remove', path: '/z' }],
    ['adding below a missing member', { op: 'add', path: '/z/y', value: 2 }],
    ['an index past the end', { op: 'add', path: '/l/3', value: 2 }],
    ['an index with a leading zero', { op: 'replace', path: '/l/01', value: 2 }],
    ['a pointer without a slash', { op: 'add', path: 'a', value: 2 }],
    ['an unknown operation', { op: 'increment', path: '/a', value: 2 }],
    ['adding without a value', { op: 'add', path: '/a' }],
    ['moving a member into itself', { op: 'move', from: '/m', path: '/m/x' }],
  ] as const) {
    it(`refuses ${what} and leaves the document alone`, () => {
      const document = { a: 1, l: [1, 2], m: {} };
      const operations = [{ op: 'add', path: '/first', value: true }, operation];
      assert.throws(() => applyJsonPatch(document, operations), JsonPatchError);
      assert.deepEqual(document, { a: 1, l: [1, 2], m: {} });
    });
  }

  it('reads back any member that was added under any name', () => {
    fc.assert(
      fc.property(fc.dictionary(key, json, { noNullPrototype: true }), key, json, (document, name, value) => {
        const path = `/${escape(name)}`;
        const patched = applyJsonPatch(document, [
          { op: 'add', path, value },
          { op: 'test', path, value },
        ]) as Record<string, JsonValue>;
        assert.deepEqual(Object.getOwnPropertyDescriptor(patched, name)?.value, structuredClone(value));
        const removed = applyJsonPatch(patched, [{ op: 'remove', path }]);
        assert.ok(!Object.keys(removed as object).includes(name));
      }),
    );
  });

  it('never changes the document it is given', () => {
    fc.assert(
      fc.property(fc.dictionary(key, json, { noNullPrototype: true }), key, json, (document, name, value) => {
        const before = structuredClone(document);
        applyJsonPatch(document, [{ op: 'add', path: `/${escape(name)}`, value }]);
        assert.deepEqual(document, before);
      }),
    );
  });

  it('splits a pointer into the parts it was made of', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (parts) => {
        const pointer = parts.map((part) => `/${escape(part)}`).join('');
        assert.deepEqual(parsePointer(pointer), parts);
      }),
    );
  });
});
