import assert from 'node:assert/strict';
import { boundText } from '../../dist/detectors/bound-text.js';

describe('boundText', () => {
  it('leaves a short text alone, but for its lines', () => {
    assert.equal(boundText(' two\n  lines\t', 20), 'two lines');
  });

  it('takes the middle out of a long one', () => {
    const text = boundText(`it began ${'and went on '.repeat(100)}and this is why`, 40);
    assert.equal(text.length <= 40, true);
    assert.match(text, /^it began .* … .*and this is why$/);
  });

  it('cuts no character in two', () => {
    for (let length = 10; length < 40; length += 1) {
      assert.doesNotThrow(() => encodeURIComponent(boundText('😀'.repeat(50), length)));
    }
  });
});
