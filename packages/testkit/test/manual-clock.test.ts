import assert from 'node:assert/strict';
import { ManualClock } from '@dogwatch/testkit';

describe('ManualClock', () => {
  it('runs due timers in order of time, then of setting, each seeing its own time', async () => {
    const clock = new ManualClock(0);
    const seen: string[] = [];
    clock.setTimer(() => seen.push(`late@${clock.now()}`), 30);
    clock.setTimer(() => seen.push(`first@${clock.now()}`), 10);
    clock.setTimer(() => seen.push(`second@${clock.now()}`), 10);
    await clock.advance(20);
    assert.deepEqual(seen, ['first@10', 'second@10']);
    assert.equal(clock.now(), 20);
  });

  it('runs within one advance what a timer sets for within it', async () => {
    const clock = new ManualClock(0);
    const seen: number[] = [];
    const tick = (): void => {
      seen.push(clock.now());
      clock.setTimer(tick, 1_000);
    };
    clock.setTimer(tick, 1_000);
    await clock.advance(3_500);
    assert.deepEqual(seen, [1_000, 2_000, 3_000]);
  });

  it('lets what awaits a sleep go on before the next timer', async () => {
    const clock = new ManualClock(0);
    const seen: string[] = [];
    const sleeper = clock.sleep(10).then(() => seen.push('slept'));
    clock.setTimer(() => seen.push('timer'), 11);
    await clock.advance(11);
    await sleeper;
    assert.deepEqual(seen, ['slept', 'timer']);
  });

  it('does not run a cancelled timer', async () => {
    const clock = new ManualClock(0);
    clock.setTimer(() => assert.fail('ran'), 10).cancel();
    await clock.advance(20);
    assert.equal(clock.pendingTimers, 0);
  });

  it('rejects a sleep with the reason of its signal, before and during', async () => {
    const clock = new ManualClock(0);
    const stop = new AbortController();
    const sleeping = clock.sleep(10, stop.signal);
    stop.abort(new Error('stop'));
    await assert.rejects(sleeping, /stop/);
    await assert.rejects(clock.sleep(10, stop.signal), /stop/);
    assert.equal(clock.pendingTimers, 0);
  });
});
