import assert from 'node:assert/strict';
import type { ClusterObject, Detector } from '@dogwatch/core';
import { builtInDetectors, crashLoop, DetectorHealth } from '@dogwatch/aiops';
import { aCondition, aNode, MemoryClusterView } from '@dogwatch/testkit';
import { restartedContainer, WatchLoopRig, Workload } from './watch-loop-rig.js';

const brokenNode = aNode({ conditions: [aCondition('Ready', { status: 'False' })] });

function healthOf(rig: WatchLoopRig) {
  return new DetectorHealth(rig.loop).check();
}

describe('WatchLoop, with fewer rights', () => {
  it('turns the detector off whose right is missing, names it in health, and lets the others go on', async () => {
    const rig = await new WatchLoopRig().start();
    rig.view.setWatchState('Node', 'forbidden', "the service account may not 'list nodes'");
    rig.view.put(brokenNode);
    new Workload(rig).crashing('web-7d4b-a', 2);
    await rig.clock.advance(60_000);
    assert.deepEqual(await rig.told(), ['observed crash_loop Deployment/web']);
    assert.deepEqual(healthOf(rig), {
      status: 'degraded',
      message: "'not_ready_node' is off on cluster 'homelab': the service account may not 'list nodes'.",
    });
  });

  it('turns a detector off for a right to what it also reads', async () => {
    const rig = await new WatchLoopRig().start();
    rig.view.setWatchState('ReplicaSet', 'forbidden', "the service account may not 'list replicasets'");
    new Workload(rig).crashing('web-7d4b-a', 2);
    assert.deepEqual(await rig.told(), []);
    assert.match(healthOf(rig).message, /'crash_loop' is off on cluster 'homelab': .*'list replicasets'/);
  });

  it('turns it on again by itself when the right is there', async () => {
    const rig = await new WatchLoopRig().start();
    rig.view.setWatchState('Node', 'forbidden');
    rig.view.put(brokenNode);
    rig.view.setWatchState('Node', 'live');
    await rig.clock.advance(20_000);
    assert.deepEqual(await rig.told(), ['observed not_ready_node Node/node-1']);
    assert.deepEqual(healthOf(rig), { status: 'ok', message: `${builtInDetectors.length} detectors watch.` });
  });

  it('does not clear what was raised before the right was lost', async () => {
    const rig = await new WatchLoopRig().start();
    rig.view.put(brokenNode);
    await rig.clock.advance(20_000);
    await rig.told();
    rig.view.setWatchState('Node', 'forbidden');
    rig.view.remove(brokenNode);
    await rig.clock.advance(300_000);
    assert.deepEqual(await rig.told(), []);
  });

  it('works without the right to read events', async () => {
    const rig = await new WatchLoopRig().start();
    rig.view.setWatchState('Event', 'forbidden');
    new Workload(rig).crashing('web-7d4b-a', 2);
    assert.deepEqual(await rig.told(), ['observed crash_loop Deployment/web']);
    assert.equal(healthOf(rig).status, 'ok');
  });

  it('turns off a detector of a kind that the cluster is not watched for', async () => {
    const view = new MemoryClusterView('homelab', { kinds: ['Pod', 'ReplicaSet', 'Deployment', 'Event'] });
    const rig = await new WatchLoopRig({ view }).start();
    assert.match(healthOf(rig).message, /'not_ready_node' is off on cluster 'homelab': kind 'Node' is not watched/);
  });
});

describe('WatchLoop, with a detector that throws', () => {
  const faulty = (throwsIn: 'detect' | 'isWell'): Detector => ({
    ...crashLoop,
    eventType: 'faulty',
    detect: (object, context) => {
      if (throwsIn === 'detect') throw new Error('no such field');
      return crashLoop.detect(object, context);
    },
    isWell: (object: ClusterObject, context) => {
      if (throwsIn === 'isWell') throw new Error('no such field');
      return crashLoop.isWell(object, context);
    },
  });

  it('lets the others go on, logs it once, counts it, and shows it in health until it is over', async () => {
    const rig = await new WatchLoopRig({ detectors: [faulty('detect'), ...builtInDetectors] }).start();
    const web = new Workload(rig);
    web.crashing('web-7d4b-a', 2);
    web.crashing('web-7d4b-a', 3);
    assert.deepEqual(await rig.told(), ['observed crash_loop Deployment/web', 'observed crash_loop Deployment/web']);
    assert.equal(rig.logger.linesOf('detector_failed').length, 1);
    assert.match((await rig.metrics.render()).text, /dogwatch_detector_errors_total\{event_type="faulty"\} [2-9]/);
    assert.deepEqual(healthOf(rig), {
      status: 'degraded',
      message: "'faulty' fails on Pod 'default/web-7d4b-a': no such field.",
    });
    rig.view.remove(web.pod('web-7d4b-a'));
    await rig.clock.advance(150_000);
    assert.equal(healthOf(rig).status, 'ok');
  });

  it('does not take a failure for being well', async () => {
    const rig = await new WatchLoopRig({ detectors: [faulty('isWell')] }).start();
    const web = new Workload(rig);
    web.crashing('web-7d4b-a', 2);
    web.ready('web-7d4b-a', restartedContainer(3, rig.clock.now()));
    await rig.clock.advance(600_000);
    assert.deepEqual(await rig.told(), ['observed faulty Deployment/web']);
  });
});
