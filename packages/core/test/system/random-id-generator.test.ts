import assert from 'node:assert/strict';
import { ID_ALPHABET, ID_LENGTH, RandomIdGenerator } from '@dogwatch/core';

describe('RandomIdGenerator', () => {
  it('makes ids of the agreed length and letters, hardly ever twice', () => {
    const ids = Array.from({ length: 500 }, () => new RandomIdGenerator().next());
    for (const id of ids) {
      assert.equal(id.length, ID_LENGTH);
      assert.ok(
        [...id].every((letter) => ID_ALPHABET.includes(letter)),
        id,
      );
    }
    assert.ok(new Set(ids).size > 495);
  });
});
