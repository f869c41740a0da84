import assert from 'node:assert/strict';
import type { ContainerStatus, Detector, Finding } from '@dogwatch/core';
import { crashLoop } from '@dogwatch/aiops';
import { aContainer, aPod } from '@dogwatch/testkit';
import { crashedContainer, restartedContainer, WatchLoopRig } from './watch-loop-rig.js';

/** Sees what the watch loop says about restarts. */
async function listen() {
  const seen: (readonly number[])[] = [];
  const detector: Detector = {
    ...crashLoop,
    detect: (object, context): Finding | null => {
      seen.push(context.restartsOf(object.uid, 'app'));
      return null;
    },
  };
  const rig = await new WatchLoopRig({ detectors: [detector] }).start();
  const start = rig.clock.now();
  return {
    rig,
    start,
    restarts(...containers: readonly ContainerStatus[]): readonly number[] {
      for (const container of containers) rig.view.put(aPod({ containers: [container] }));
      return (seen.at(-1) ?? []).map((at) => at - start);
    },
  };
}

describe('the restarts that detectors are told', () => {
  it('are the beginnings of runs', async () => {
    const { restarts, start } = await listen();
    assert.deepEqual(restarts(aContainer()), []);
    assert.deepEqual(restarts(restartedContainer(1, start + 5000)), [5000]);
    assert.deepEqual(restarts(crashedContainer(1, start + 6000)), [5000]);
    assert.deepEqual(restarts(restartedContainer(2, start + 16_000)), [5000, 16_000]);
  });

  it('begin with the two that the cluster itself remembers', async () => {
    const { restarts, start } = await listen();
    assert.deepEqual(restarts(restartedContainer(8, start + 5000)), [3000, 5000]);
  });

  it('stand in for those that nobody saw with the time of the last one before', async () => {
    const { restarts, start } = await listen();
    restarts(restartedContainer(1, start + 1000));
    assert.deepEqual(restarts(restartedContainer(4, start + 60_000)), [1000, 1000, 58_000, 60_000]);
  });

  it('are few, however many there were', async () => {
    const { restarts, start } = await listen();
    for (let count = 1; count < 50; count += 1) restarts(restartedContainer(count, start + count * 1000));
    assert.equal(restarts(restartedContainer(50, start + 50_000)).length, 16);
  });

  it('reach back an hour', async () => {
    const { restarts, rig, start } = await listen();
    restarts(restartedContainer(1, start));
    await rig.clock.advance(3_599_999);
    assert.deepEqual(restarts(aContainer({ restartCount: 1, ready: false, running: { startedAt: start } })), [0]);
    await rig.clock.advance(1);
    assert.deepEqual(restarts(aContainer({ restartCount: 1, ready: true, running: { startedAt: start } })), []);
  });

  it('are forgotten with the pod', async () => {
    const { restarts, rig, start } = await listen();
    restarts(
      restartedContainer(1, start + 1000),
      restartedContainer(2, start + 2000),
      restartedContainer(3, start + 9000),
    );
    rig.view.remove(aPod());
    assert.deepEqual(restarts(restartedContainer(3, start + 9000)), [7000, 9000]);
  });

  it('begin anew when the count does', async () => {
    const { restarts, start } = await listen();
    restarts(restartedContainer(5, start + 5000));
    assert.deepEqual(restarts(restartedContainer(1, start + 9000)), [9000]);
  });

  it('do not take the epoch of a run that never began for a time', async () => {
    const { restarts, start } = await listen();
    const failed = { reason: 'StartError', exitCode: 128, message: null, startedAt: 0, finishedAt: start + 3000 };
    const container = aContainer({
      restartCount: 1,
      waiting: { reason: 'RunContainerError', message: null },
      lastTerminated: failed,
    });
    assert.deepEqual(restarts(container), [3000]);
  });
});
