import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { digestTarget, readPointer } from '@dogwatch/core';
import type { JsonValue, LiveObject } from '@dogwatch/core';

function live(object: JsonValue, uid = 'uid-1', resourceVersion = '1'): LiveObject {
  return { kind: 'Deployment', namespace: 'shop', name: 'web', uid, resourceVersion, object };
}

describe('the digest of a target', () => {
  it('is the SHA-256 of canonical uid and touched values', () => {
    const expected = createHash('sha256')
      .update('{"/spec/template":{"a":1,"b":2},"/x":null,"uid":"uid-1"}')
      .digest('hex');
    assert.equal(digestTarget(live({ spec: { template: { b: 2, a: 1 } } }), ['/x', '/spec/template']), expected);
  });

  it('changes with the uid and with what is touched, with nothing else', () => {
    const before = digestTarget(live({ spec: { template: 1, replicas: 3 }, status: 1 }), ['/spec/template']);
    assert.equal(
      digestTarget(live({ spec: { template: 1, replicas: 4 }, status: 2 }, 'uid-1', '9'), ['/spec/template']),
      before,
    );
    assert.notEqual(digestTarget(live({ spec: { template: 2 } }), ['/spec/template']), before);
    assert.notEqual(digestTarget(live({ spec: { template: 1 } }, 'uid-2'), ['/spec/template']), before);
    assert.notEqual(digestTarget(live({ spec: {} }), ['/spec/template']), before);
  });

  it('reads pointers with escapes, into lists, and null where there is nothing', () => {
    const value = { 'a/b': { 'c~d': [10, { x: null }] } };
    assert.equal(readPointer(value, '/a~1b/c~0d/0'), 10);
    assert.equal(readPointer(value, '/a~1b/c~0d/7'), null);
    assert.equal(readPointer(value, '/constructor'), null);
    assert.equal(readPointer(value, ''), value);
  });
});
