import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cutText, splitText } from '../dist/split-text.js';

const anyText = fc.string({ unit: fc.constantFrom('a', ' ', '\n', 'é', '🐕', '你', '&', '<'), maxLength: 400 });

describe('splitText', () => {
  it('makes pieces within the limit that join back to the text and break no character', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: 'grapheme' })), fc.integer({ min: 2, max: 60 }), (text, max) => {
        const pieces = splitText(text, max);
        assert.equal(pieces.join(''), text);
        for (const piece of pieces) {
          assert.ok(piece.length >= 1 && piece.length <= max);
          assert.doesNotMatch(piece, /[\ud800-\udfff]/u);
        }
      }),
    );
  });

  it('cuts at a line break rather than a space, and at a space rather than in a word', () => {
    assert.deepEqual(splitText('first line\nsecond line', 20), ['first line\n', 'second line']);
    assert.deepEqual(splitText('some words here', 12), ['some words ', 'here']);
    assert.deepEqual(splitText('abcdefgh', 3), ['abc', 'def', 'gh']);
  });

  it('makes no tiny pieces for the sake of an early break', () => {
    assert.equal(splitText('a\nbbbbbbbbbbbbbbb', 10)[0]?.length, 10);
  });
});

describe('cutText', () => {
  it('keeps what fits, and says how much is missing of what does not', () => {
    assert.equal(cutText('short', 100), 'short');
    const cut = cutText('x'.repeat(500), 100);
    assert.ok(cut.length <= 100);
    const missing = Number(/\((\d+) more characters\)$/.exec(cut)?.[1]);
    assert.equal((/^x+/.exec(cut)?.[0] ?? '').length, 500 - missing);
  });
});
