import assert from 'node:assert/strict';
import { format, inspect } from 'node:util';
import { Secret } from '@dogwatch/core';

describe('Secret', () => {
  const secret = new Secret('hunter2');
  const holder = { nested: [secret], map: new Map([['key', secret]]) };

  it('reveals its text to who asks for it', () => assert.equal(secret.reveal(), 'hunter2'));

  for (const [way, print] of [
    ['a template', () => `${String(secret)}`],
    ['a template without String()', () => `${secret as unknown as string}`],
    ['concatenation', () => 'x' + (secret as unknown as string)],
    ['toString', () => secret.toString()],
    ['JSON', () => JSON.stringify(holder)],
    ['the inspector', () => inspect(holder, { depth: 9, showHidden: true })],
    ['format %s', () => format('%s', secret)],
    ['format %o', () => format('%o', secret)],
    ['format %j', () => format('%j', secret)],
    ['an error message', () => new Error(`bad: ${secret.toString()}`).message],
  ] as const) {
    it(`prints [redacted] in ${way}`, () => {
      assert.match(print(), /\[redacted\]/);
      assert.doesNotMatch(print(), /hunter2/);
    });
  }

  it('hides its text from whoever walks or copies its properties', () => {
    assert.deepEqual(Object.entries({ ...secret }), []);
    assert.deepEqual(Reflect.ownKeys(secret), []);
    assert.doesNotMatch(inspect(structuredClone(secret)), /hunter2/);
  });

  it('is no number by accident', () => assert.ok(Number.isNaN(Number(new Secret('12345')))));
});
