import assert from 'node:assert/strict';
import { ManualClock } from '@dogwatch/testkit';
import { PipelineRig } from './pipeline-rig.js';

describe('stopping the pipeline', () => {
  it('does not wait for ever for an action that hangs', async () => {
    const hanging = { name: 'notify', knownArguments: null, run: () => new Promise<void>(() => undefined) };
    const clock = new ManualClock();
    const rig = await new PipelineRig({ clock, actions: [hanging] }).start();
    await rig.emit(rig.observed());
    let isStopped = false;
    const stopped = rig.stop().then(() => {
      isStopped = true;
    });
    await clock.advance(2_999);
    assert.equal(isStopped, false);
    await clock.advance(1);
    await stopped;
    assert.equal(clock.pendingTimers, 0);
  });

  it('waits for an action that is being carried out', async () => {
    let finish = (): void => undefined;
    const running = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const rig = await new PipelineRig({
      actions: [{ name: 'notify', knownArguments: null, run: () => running }],
    }).start();
    await rig.emit(rig.observed());
    let isStopped = false;
    const stopped = rig.stop().then(() => {
      isStopped = true;
    });
    await rig.clock.flush();
    assert.equal(isStopped, false);
    finish();
    await stopped;
    assert.equal(rig.clock.pendingTimers, 0);
  });
});
