import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonValue } from '../../dist/simulated-cluster/kube-object.js';
import { applyMergePatch } from '../../dist/simulated-cluster/merge-patch.js';
import { applyStrategicMergePatch } from '../../dist/simulated-cluster/strategic-merge-patch.js';

const json = fc.jsonValue() as fc.Arbitrary<JsonValue>;

function withoutNulls(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member)]));
}

describe('applyMergePatch', () => {
  it('follows the examples of RFC 7386', () => {
    const examples: [JsonValue, JsonValue, JsonValue][] = [
      [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
      [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
      [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
      [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
      [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
      [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
      [
        ['a', 'b'],
        ['c', 'd'],
        ['c', 'd'],
      ],
      [{ e: null }, { a: 1 }, { e: null, a: 1 }],
      [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    ];
    for (const [target, patch, result] of examples) assert.deepEqual(applyMergePatch(target, patch), result);
  });

  it('gives the same result when it is applied twice', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const once = applyMergePatch(target, patch);
        assert.deepEqual(applyMergePatch(once, patch), once);
      }),
    );
  });

  it('turns nothing into the patch without its nulls', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json, { noNullPrototype: true }), (patch) => {
        assert.deepEqual(applyMergePatch({}, patch), structuredClone(withoutNulls(patch)));
      }),
    );
  });
});

describe('applyStrategicMergePatch', () => {
  const template = {
    containers: [
      { name: 'web', image: 'web:1', args: ['a', 'b'], env: [{ name: 'A', value: '1' }] },
      { name: 'sidecar', image: 'sidecar:1' },
    ],
  };

  it('merges containers and their environment by name and replaces other lists', () => {
    const patch = { containers: [{ name: 'web', args: ['c'], env: [{ name: 'B', value: '2' }] }] };
    assert.deepEqual(applyStrategicMergePatch(template, patch), {
      containers: [
        {
          name: 'web',
          image: 'web:1',
          args: ['c'],
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
        },
        { name: 'sidecar', image: 'sidecar:1' },
      ],
    });
  });

  it('removes a list item and a member when it is told to', () => {
    const patch = {
      containers: [
        { name: 'sidecar', $patch: 'delete' },
        { name: 'web', args: null },
      ],
    };
    assert.deepEqual(applyStrategicMergePatch(template, patch), {
      containers: [{ name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }] }],
    });
  });

  it('equals a merge patch where there are no lists', () => {
    const plain = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        fc.string(),
        fc.integer(),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).value;
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), plain, { noNullPrototype: true }),
        fc.dictionary(fc.string(), plain, { noNullPrototype: true }),
        (target, patch) => {
          const names = Object.keys(patch).filter((name) => name.startsWith('$'));
          fc.pre(names.length === 0);
          assert.deepEqual(applyStrategicMergePatch(target, patch), applyMergePatch(target, patch));
        },
      ),
    );
  });
});
