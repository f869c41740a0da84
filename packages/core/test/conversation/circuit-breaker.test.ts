import assert from 'node:assert/strict';
import { ManualClock } from '@dogwatch/testkit';
import { CircuitBreaker } from '../../dist/conversation/circuit-breaker.js';
import type { AttemptEnd } from '../../dist/conversation/circuit-breaker.js';

describe('CircuitBreaker', () => {
  let clock: ManualClock;
  let breaker: CircuitBreaker;
  beforeEach(() => {
    clock = new ManualClock();
    breaker = new CircuitBreaker(clock, { failures: 3, restMs: 60_000 });
  });

  /** One attempt after the other; says for each whether it was let through. */
  const attempt = (...ends: AttemptEnd[]): readonly boolean[] =>
    ends.map((end) => {
      const finish = breaker.begin();
      finish?.(end);
      return finish !== null;
    });

  it('opens after so many failures in a row, and lets nothing through then', () => {
    assert.deepEqual(attempt('failure', 'failure', 'failure', 'success'), [true, true, true, false]);
    assert.equal(breaker.isOpen, true);
    assert.equal(breaker.waitMs, 60_000);
  });

  it('counts failures in a row alone, and nothing that tells nothing', () => {
    attempt('failure', 'failure', 'success', 'failure', 'unknown', 'failure');
    assert.equal(breaker.isOpen, false);
    attempt('failure');
    assert.equal(breaker.isOpen, true);
  });

  it('lets one attempt try after the rest, and no other while that is on its way', async () => {
    attempt('failure', 'failure', 'failure');
    await clock.advance(59_999);
    assert.equal(breaker.begin(), null);
    await clock.advance(1);
    const probe = breaker.begin();
    assert.ok(probe);
    assert.equal(breaker.waitMs, null);
    assert.equal(breaker.begin(), null);
    probe('success');
    assert.equal(breaker.isOpen, false);
    assert.deepEqual(attempt('failure', 'failure', 'success'), [true, true, true]);
  });

  it('rests again when the try fails, and lets another try at once when it told nothing', async () => {
    attempt('failure', 'failure', 'failure');
    await clock.advance(60_000);
    assert.deepEqual(attempt('unknown', 'failure', 'success'), [true, true, false]);
    assert.equal(breaker.waitMs, 60_000);
    assert.equal(breaker.failuresInARow, 4);
  });

  it('rests as long as it was asked to, but not for ever', async () => {
    attempt('failure', 'failure');
    breaker.begin()?.('failure', 120_000);
    assert.equal(breaker.waitMs, 120_000);
    await clock.advance(120_000);
    breaker.begin()?.('failure', 1_000);
    assert.equal(breaker.waitMs, 60_000);
    await clock.advance(60_000);
    breaker.begin()?.('failure', 86_400_000);
    assert.equal(breaker.waitMs, 600_000);
  });
});
