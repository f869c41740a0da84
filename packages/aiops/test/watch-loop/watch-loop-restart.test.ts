import assert from 'node:assert/strict';
import { aCondition, aDeployment, aNode, aPod, MemoryClusterView } from '@dogwatch/testkit';
import { crashLoop, notReadyNode } from '@dogwatch/aiops';
import { crashedContainer, restartedContainer, WatchLoopRig, Workload } from './watch-loop-rig.js';

async function crashedBefore() {
  const before = await new WatchLoopRig().start();
  const web = new Workload(before);
  web.crashing('web-7d4b-a', 2);
  assert.deepEqual(await before.told(), ['observed crash_loop Deployment/web']);
  await before.loop.stop();
  return { before, web };
}

describe('WatchLoop, after a restart of the process', () => {
  it('does not raise again what still holds', async () => {
    const { before } = await crashedBefore();
    const after = await before.restart();
    await after.clock.advance(120_000);
    assert.deepEqual(await after.told(), []);
  });

  it('tells the occurrences that came meanwhile', async () => {
    const { before, web } = await crashedBefore();
    await before.clock.advance(300_000);
    web.crashing('web-7d4b-a', 7);
    const after = await before.restart();
    assert.deepEqual(
      (await after.observations()).map((event) => event.occurrence),
      ['uid-pod-default-web-7d4b-a/app/7'],
    );
  });

  it('clears what healed meanwhile, when it has been well for as long as ever', async () => {
    const { before, web } = await crashedBefore();
    web.ready('web-7d4b-a', restartedContainer(3, before.clock.now()));
    await before.clock.advance(300_000);
    const after = await before.restart();
    await after.clock.advance(59_999);
    assert.deepEqual(await after.told(), []);
    await after.clock.advance(1);
    assert.deepEqual(await after.told(), ['cleared crash_loop Deployment/web']);
  });

  it('clears what was deleted meanwhile, but only from a complete list', async () => {
    const { before, web } = await crashedBefore();
    before.view.remove(web.object, web.replicaSet, web.pod('web-7d4b-a'));
    before.view.setWatchState('Deployment', 'starting');
    const after = await before.restart();
    await after.clock.advance(120_000);
    assert.deepEqual(await after.told(), []);
    after.view.setWatchState('Deployment', 'live');
    assert.deepEqual(await after.told(), ['cleared crash_loop Deployment/web']);
  });

  it('clears what was created again under the same name and is well', async () => {
    const { before, web } = await crashedBefore();
    before.view.remove(web.object, web.replicaSet, web.pod('web-7d4b-a'));
    new Workload(before, aDeployment({ uid: 'uid-second' })).ready('web-9999-a');
    const after = await before.restart();
    await after.clock.advance(60_000);
    assert.deepEqual(await after.told(), ['cleared crash_loop Deployment/web']);
  });

  it('keeps the time of a facet that needs more to be well', async () => {
    const failure = { conditions: [aCondition('ReplicaFailure', { reason: 'FailedCreate' })] };
    const before = await new WatchLoopRig().start();
    const web = new Workload(before, aDeployment({ desired: 3, available: 1, ...failure }));
    await before.clock.advance(10_000);
    web.set({ conditions: [], available: 2 });
    await before.told();
    const after = await before.restart();
    await after.clock.advance(120_000);
    assert.deepEqual(await after.told(), []);
    web.set({ available: 3 });
    await after.clock.advance(60_000);
    assert.deepEqual(await after.told(), ['cleared replication_failure Deployment/web']);
  });

  it('clears what no detector looks after any more', async () => {
    const { before } = await crashedBefore();
    const after = await before.restart({ detectors: [notReadyNode] });
    await after.clock.flush();
    const [event] = after.sink.drain();
    assert.ok(event?.kind === 'cleared');
    assert.equal(event.reason, "No detector 'crash_loop' is installed any more.");
  });

  it('clears what is out of scope by now', async () => {
    const { before } = await crashedBefore();
    const after = await before.restart({ settings: { namespaces: { exclude: ['default'] } } });
    await after.clock.flush();
    const [event] = after.sink.drain();
    assert.ok(event?.kind === 'cleared');
    assert.equal(event.reason, "Namespace 'default' is excluded from the watch.");
  });

  it('leaves open what is of a cluster that it does not know, and says so in the log', async () => {
    const rig = new WatchLoopRig();
    rig.sink.seed('watch', {
      resource: { cluster: 'elsewhere', namespace: 'default', kind: 'Deployment', name: 'web', uid: 'uid-1' },
      facet: 'crash_loop',
      eventType: 'crash_loop',
      occurrence: 'uid-pod/app/1',
      occurredAt: '2026-01-01T00:00:00.000Z',
    });
    await rig.start();
    await rig.clock.advance(300_000);
    assert.deepEqual(await rig.told(), []);
    assert.equal(rig.logger.linesOf('facet_of_unknown_cluster').length, 1);
  });

  it('does not open what had healed before it began', async () => {
    const rig = new WatchLoopRig();
    const web = new Workload(rig);
    web.ready('web-7d4b-a', restartedContainer(3, rig.clock.now(), 'OOMKilled'));
    await rig.clock.advance(60_000);
    await rig.start();
    assert.deepEqual(await rig.told(), []);
  });

  it('knows the restarts of before as far as the cluster tells', async () => {
    const rig = new WatchLoopRig({ detectors: [crashLoop] });
    const web = new Workload(rig);
    await rig.start();
    const now = rig.clock.now();
    // Two restarts are told by the first look at the pod, the third is seen.
    web.put('web-7d4b-a', { ready: false, containers: [restartedContainer(2, now)] });
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(30_000);
    web.put('web-7d4b-a', { ready: false, containers: [restartedContainer(3, now + 30_000)] });
    assert.deepEqual(await rig.told(), ['observed crash_loop Deployment/web']);
  });
});

describe('WatchLoop, its life', () => {
  it('emits nothing before its start and after its stop', async () => {
    const rig = new WatchLoopRig();
    const web = new Workload(rig);
    web.crashing('web-7d4b-a', 2);
    assert.deepEqual(await rig.told(), []);
    await rig.start();
    await rig.told();
    await rig.loop.stop();
    await rig.loop.stop();
    assert.equal(rig.clock.pendingTimers, 0);
    web.crashing('web-7d4b-a', 3);
    rig.view.put(aNode({ conditions: [] }));
    await rig.clock.advance(300_000);
    assert.deepEqual(await rig.told(), []);
  });

  it('does not start with a signal that has aborted', async () => {
    const rig = new WatchLoopRig();
    rig.abortSignal();
    await rig.start();
    new Workload(rig).crashing('web-7d4b-a', 2);
    await rig.clock.advance(60_000);
    assert.deepEqual(await rig.told(), []);
    assert.equal(rig.clock.pendingTimers, 0);
  });

  it('leaves no timer behind when it stops while the log refuses', async () => {
    const rig = await new WatchLoopRig().start();
    rig.sink.refuse();
    new Workload(rig).crashing('web-7d4b-a', 2);
    await rig.clock.flush();
    await rig.loop.stop();
    assert.equal(rig.clock.pendingTimers, 0);
  });

  it('stops when its signal aborts', async () => {
    const rig = await new WatchLoopRig().start();
    rig.abortSignal();
    new Workload(rig).crashing('web-7d4b-a', 2);
    await rig.clock.advance(60_000);
    assert.deepEqual(await rig.told(), []);
    assert.equal(rig.clock.pendingTimers, 0);
  });

  it('forgets a problem that is over', async () => {
    const rig = await new WatchLoopRig().start();
    const before = rig.clock.pendingTimers;
    for (let index = 0; index < 20; index += 1) {
      const pod = aPod({ name: `pod-${index}`, containers: [crashedContainer(2, rig.clock.now())] });
      rig.view.put(pod);
      rig.view.remove(pod);
    }
    await rig.clock.advance(20 * 60_000);
    assert.equal((await rig.told()).length, 40);
    assert.equal(rig.loop.state().facets, 0);
    assert.equal(rig.clock.pendingTimers, before);
  });
});

describe('WatchLoop, with clusters that are led apart', () => {
  const notReady = aCondition('Ready', { status: 'False' });

  async function twoClusters() {
    const rig = new WatchLoopRig();
    const office = new MemoryClusterView('office', { now: () => rig.clock.now() });
    const { clock, sink, view } = rig;
    const both = new WatchLoopRig({ view, clock, sink, otherViews: [office] });
    const abort = new AbortController();
    await both.loop.start(sink, abort.signal, 'office');
    return { rig: both, office, abort };
  }

  it('watches a cluster from when it is led, and no other', async () => {
    const { rig, office, abort } = await twoClusters();
    office.put(aNode({ conditions: [notReady] }));
    rig.view.put(aNode({ name: 'home-1', conditions: [notReady] }));
    await rig.clock.advance(60_000);
    assert.deepEqual(await rig.told(), ['observed not_ready_node Node/node-1']);
    await rig.loop.start(rig.sink, abort.signal, 'homelab');
    await rig.clock.advance(60_000);
    assert.deepEqual(await rig.told(), ['observed not_ready_node Node/home-1']);
  });

  it('goes on with one when it stops watching the other', async () => {
    const { rig, office, abort } = await twoClusters();
    await rig.loop.start(rig.sink, abort.signal, 'homelab');
    await rig.loop.stop('homelab');
    office.put(aNode({ conditions: [notReady] }));
    rig.view.put(aNode({ name: 'home-1', conditions: [notReady] }));
    await rig.clock.advance(60_000);
    assert.deepEqual(await rig.told(), ['observed not_ready_node Node/node-1']);
    abort.abort();
    await rig.clock.flush();
    assert.equal(rig.clock.pendingTimers, 0);
  });
});
