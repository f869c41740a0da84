import assert from 'node:assert/strict';
import { SystemClock } from '@dogwatch/core';

describe('SystemClock', () => {
  const clock = new SystemClock();
  const farAway = 2 ** 40;

  it('runs a timer once, and not after it was cancelled', async () => {
    const fired: string[] = [];
    await new Promise<void>((resolve) => {
      clock.setTimer(() => fired.push('cancelled'), 0).cancel();
      clock.setTimer(() => fired.push('kept'), 0);
      clock.setTimer(resolve, 1);
      // A timer does not keep the process alive, and this test has nothing else that does.
      setTimeout(() => undefined, 50);
    });
    assert.deepEqual(fired, ['kept']);
  });

  it('sleeps until its time', () => clock.sleep(0));

  it('rejects a sleep with the reason of its signal, before and while it sleeps', async () => {
    const reason = new Error('enough');
    await assert.rejects(clock.sleep(0, AbortSignal.abort(reason)), reason);
    const controller = new AbortController();
    const sleeping = clock.sleep(farAway, controller.signal);
    controller.abort(reason);
    await assert.rejects(sleeping, reason);
  });

  it('does not fire at once what lies further away than a timer of the machine reaches', async () => {
    let hasFired = false;
    const timer = clock.setTimer(() => {
      hasFired = true;
    }, farAway);
    await clock.sleep(5);
    timer.cancel();
    assert.equal(hasFired, false);
  });
});
