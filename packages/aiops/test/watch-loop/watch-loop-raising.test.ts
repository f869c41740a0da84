import assert from 'node:assert/strict';
import type { Detector } from '@dogwatch/core';
import { replicationFailure } from '@dogwatch/aiops';
import {
  aCondition,
  aContainer,
  aDeployment,
  anEvent,
  aNode,
  aPod,
  aReplicaSet,
  controlledBy,
  involvedBy,
  MemoryClusterView,
} from '@dogwatch/testkit';
import { crashedContainer, restartedContainer, SilentView, WatchLoopRig, Workload } from './watch-loop-rig.js';

const notReady = aCondition('Ready', { status: 'Unknown', reason: 'NodeStatusUnknown' });

describe('WatchLoop, raising', () => {
  it('tells a crash loop in the same turn in which the view tells the change', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    web.crashing('web-7d4b-a', 2);
    assert.equal(rig.sink.offered.length, 1);
    const event = rig.sink.offered[0];
    assert.ok(event?.kind === 'observed');
    assert.equal(event.source, 'watch');
    assert.equal(event.facet, 'crash_loop');
    assert.equal(event.eventType, 'crash_loop');
    assert.equal(event.severity, 'critical');
    assert.equal(event.occurrence, 'uid-pod-default-web-7d4b-a/app/2');
    assert.equal(event.occurredAt, '2026-01-01T00:00:00.000Z');
    assert.deepEqual(event?.resource, {
      cluster: 'homelab',
      namespace: 'default',
      kind: 'Deployment',
      name: 'web',
      uid: 'uid-deployment-default-web',
    });
  });

  it('gives the labels of the owner', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig, aDeployment({ labels: { tier: 'web' } }));
    web.crashing('web-7d4b-a', 2, { labels: { 'pod-template-hash': '7d4b' } });
    const [event] = await rig.observations();
    assert.deepEqual(event?.labels, { tier: 'web' });
  });

  it('gives the labels of a pod, without what its controller added, where the owner is not watched', async () => {
    const rig = await new WatchLoopRig().start();
    rig.view.put(
      aPod({
        controller: { kind: 'StatefulSet', name: 'db', uid: 'uid-sts' },
        labels: { app: 'db', 'controller-revision-hash': 'db-1' },
        containers: [crashedContainer(2, rig.clock.now())],
      }),
    );
    const [event] = await rig.observations();
    assert.deepEqual(event?.labels, { app: 'db' });
    assert.equal(event?.resource.kind, 'StatefulSet');
    assert.equal(event.resource.name, 'db');
  });

  it('raises one facet for all pods of an owner, spoken for by the newest occurrence', async () => {
    const rig = new WatchLoopRig();
    const web = new Workload(rig);
    for (const name of ['a', 'b', 'c']) {
      web.crashing(`web-7d4b-${name}`, 2);
      await rig.clock.advance(1000);
    }
    await rig.start();
    const events = await rig.observations();
    assert.equal(events.length, 1);
    assert.equal(events[0]?.occurrence, 'uid-pod-default-web-7d4b-c/app/2');
    assert.ok(events[0]?.message?.includes('3 Pods have this problem'));
  });

  it('tells each restart once, and nothing for mere updates in between', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    web.crashing('web-7d4b-a', 2);
    web.crashing('web-7d4b-a', 2, { labels: { touched: 'yes' } });
    web.put('web-7d4b-a', { containers: [restartedContainer(3, rig.clock.now() + 1000)], ready: false });
    assert.deepEqual(
      (await rig.observations()).map((event) => event.occurrence),
      ['uid-pod-default-web-7d4b-a/app/2'],
    );
    await rig.clock.advance(20_000);
    web.crashing('web-7d4b-a', 3);
    assert.deepEqual(
      (await rig.observations()).map((event) => event.occurrence),
      ['uid-pod-default-web-7d4b-a/app/3'],
    );
  });

  it('does not tell an old occurrence again when the pod is gone that spoke last', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    web.crashing('web-7d4b-a', 2);
    const last = web.crashing('web-7d4b-b', 2);
    assert.equal((await rig.told()).length, 2);
    rig.view.remove(last);
    await rig.clock.advance(60_000);
    assert.deepEqual(await rig.told(), []);
  });

  it('tells a Warning event that explains more, as the same occurrence, once', async () => {
    const rig = await new WatchLoopRig().start();
    const pod = new Workload(rig).crashing('web-7d4b-a', 2);
    await rig.observations();
    const event = anEvent({ involved: involvedBy(pod), message: 'Back-off restarting failed container app' });
    rig.view.put(event);
    rig.view.put(anEvent({ ...event, count: 7, lastSeenAt: event.lastSeenAt + 9000 }));
    const [told, ...more] = await rig.observations();
    assert.deepEqual(more, []);
    assert.ok(told?.message?.includes('BackOff: Back-off restarting failed container app'));
    assert.equal(told?.occurrence, 'uid-pod-default-web-7d4b-a/app/2');
  });

  it('stops repeating a message that never settles', async () => {
    const rig = await new WatchLoopRig().start();
    const pod = new Workload(rig).crashing('web-7d4b-a', 2);
    for (let turn = 0; turn < 30; turn += 1) {
      rig.view.put(anEvent({ involved: involvedBy(pod), message: `reason number ${turn}`, count: turn }));
      await rig.clock.flush();
    }
    const told = (await rig.observations()).length;
    assert.ok(told >= 2 && told <= 5, `told ${told} times`);
  });

  it('raises a node only after it was not ready for 20 s without a break', async () => {
    const rig = await new WatchLoopRig().start();
    rig.view.put(aNode({ conditions: [notReady] }));
    await rig.clock.advance(15_000);
    rig.view.put(aNode());
    rig.view.put(aNode({ conditions: [notReady] }));
    await rig.clock.advance(19_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), ['observed not_ready_node Node/node-1']);
  });

  it('raises a Deployment after 60 s without replicas, and after 10 s when its pods cannot be created', async () => {
    const rig = await new WatchLoopRig().start();
    rig.view.put(aDeployment({ name: 'slow', available: 0 }));
    rig.view.put(
      aDeployment({
        name: 'quota',
        desired: 2,
        available: 1,
        conditions: [aCondition('ReplicaFailure', { reason: 'FailedCreate', message: 'exceeded quota' })],
      }),
    );
    await rig.clock.advance(9_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), ['observed replication_failure Deployment/quota']);
    await rig.clock.advance(49_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), ['observed replication_failure Deployment/slow']);
  });

  it('does not raise anew what takes long, when a more urgent form of it appears', async () => {
    const rig = await new WatchLoopRig().start();
    const failure = aCondition('ReplicaFailure', { reason: 'FailedCreate' });
    rig.view.put(aDeployment({ available: 0, conditions: [] }));
    await rig.clock.advance(30_000);
    rig.view.put(aDeployment({ available: 0, conditions: [failure] }));
    await rig.clock.advance(9_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), ['observed replication_failure Deployment/web']);
  });

  it('goes on counting what takes long when the more urgent form of it is over, but not the other way round', async () => {
    const rig = await new WatchLoopRig().start();
    const failure = aCondition('ReplicaFailure', { reason: 'FailedCreate' });
    const slow = new Workload(rig, aDeployment({ name: 'slow', available: 0, conditions: [] }));
    const quick = new Workload(rig, aDeployment({ name: 'quick', available: 0, conditions: [failure] }));
    await rig.clock.advance(5_000);
    quick.set({ conditions: [] });
    await rig.clock.advance(50_000);
    slow.set({ conditions: [failure] });
    await rig.clock.advance(4_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), ['observed replication_failure Deployment/slow']);
    await rig.clock.advance(4_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), ['observed replication_failure Deployment/quick']);
  });

  it('lets a moment of availability pass while the owner is in a crash loop', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig, aDeployment({ available: 0 }));
    web.crashing('web-7d4b-a', 2);
    await rig.clock.advance(50_000);
    web.set({ available: 1 });
    await rig.clock.advance(5_000);
    web.set({ available: 0 });
    await rig.clock.advance(4_999);
    assert.deepEqual(await rig.told(), ['observed crash_loop Deployment/web']);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), ['observed replication_failure Deployment/web']);
  });

  it('starts anew after a moment of availability when nothing crashes', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig, aDeployment({ available: 0 }));
    await rig.clock.advance(50_000);
    web.set({ available: 1 });
    web.set({ available: 0 });
    await rig.clock.advance(59_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), ['observed replication_failure Deployment/web']);
  });

  it('starts anew after 60 s of availability even in a crash loop', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig, aDeployment({ available: 0 }));
    web.crashing('web-7d4b-a', 2);
    await rig.clock.advance(50_000);
    web.set({ available: 1 });
    await rig.clock.advance(60_000);
    web.set({ available: 0 });
    await rig.clock.advance(30_000);
    assert.deepEqual(await rig.told(), ['observed crash_loop Deployment/web']);
  });

  it('waits for the ReplicaSet of a pod rather than naming the ReplicaSet as the owner', async () => {
    const rig = await new WatchLoopRig().start();
    const deployment = aDeployment();
    const replicaSet = aReplicaSet({ controller: controlledBy(deployment) });
    const containers = [crashedContainer(2, rig.clock.now())];
    rig.view.put(deployment, aPod({ controller: controlledBy(replicaSet), containers }));
    assert.deepEqual(await rig.told(), []);
    rig.view.setWatchState('ReplicaSet', 'recovering');
    rig.view.put(aPod({ controller: controlledBy(replicaSet), containers, labels: { touched: 'yes' } }));
    assert.deepEqual(await rig.told(), []);
    rig.view.put(replicaSet);
    assert.deepEqual(await rig.told(), ['observed crash_loop Deployment/web']);
  });

  it('says nothing before the first lists of all owners are in', async () => {
    const view = new MemoryClusterView('homelab', { state: 'starting' });
    const rig = await new WatchLoopRig({ view }).start();
    const web = new Workload(rig);
    web.crashing('web-7d4b-a', 2);
    for (const kind of ['Pod', 'Node', 'ReplicaSet'] as const) view.setWatchState(kind, 'live');
    assert.deepEqual(await rig.told(), []);
    view.setWatchState('Deployment', 'live');
    assert.deepEqual(await rig.told(), ['observed crash_loop Deployment/web']);
  });

  it('does not wait for the list of events', async () => {
    const view = new MemoryClusterView('homelab');
    view.setWatchState('Event', 'starting');
    const rig = await new WatchLoopRig({ view }).start();
    new Workload(rig).crashing('web-7d4b-a', 2);
    assert.deepEqual(await rig.told(), ['observed crash_loop Deployment/web']);
  });

  it('goes on telling what is new while the watch of another kind is broken', async () => {
    const rig = await new WatchLoopRig().start();
    const web = new Workload(rig);
    rig.view.setWatchState('ReplicaSet', 'recovering');
    web.crashing('web-7d4b-a', 2);
    assert.deepEqual(await rig.told(), ['observed crash_loop Deployment/web']);
  });

  it('raises nothing that must hold over time from a list that is not complete', async () => {
    const rig = await new WatchLoopRig().start();
    rig.view.put(aNode({ conditions: [notReady] }));
    rig.view.setWatchState('Node', 'recovering', 'connection refused');
    await rig.clock.advance(60_000);
    assert.deepEqual(await rig.told(), []);
    rig.view.setWatchState('Node', 'live');
    assert.deepEqual(await rig.told(), ['observed not_ready_node Node/node-1']);
  });

  it('ignores pods that are being deleted', async () => {
    const rig = await new WatchLoopRig().start();
    new Workload(rig).crashing('web-7d4b-a', 2, { deletedAt: rig.clock.now() });
    assert.deepEqual(await rig.told(), []);
  });

  it('ignores pods whose owner is gone or wants none', async () => {
    const rig = await new WatchLoopRig().start();
    const gone = new Workload(rig, aDeployment({ name: 'gone' }));
    rig.view.remove(gone.object);
    gone.crashing('gone-7d4b-a', 2);
    const empty = new Workload(rig, aDeployment({ name: 'empty', desired: 0 }));
    empty.crashing('empty-7d4b-a', 2);
    assert.deepEqual(await rig.told(), []);
  });

  it('finds on its round what no change told', async () => {
    const rig = await new WatchLoopRig({ view: new SilentView('homelab') }).start();
    new Workload(rig).crashing('web-7d4b-a', 2);
    await rig.clock.advance(29_999);
    assert.deepEqual(await rig.told(), []);
    await rig.clock.advance(1);
    assert.deepEqual(await rig.told(), ['observed crash_loop Deployment/web']);
  });

  it('asks a detector again that reads the objects of its owner', async () => {
    const crowded: Detector = {
      ...replicationFailure,
      eventType: 'crowded',
      alsoReads: ['Pod'],
      forMs: 0,
      detect: (object, { view, now }) =>
        [...view.podsOf(object.uid)].length < 2
          ? null
          : { message: 'It is crowded.', occurrence: object.uid, occurredAt: now, facts: {} },
    };
    const rig = await new WatchLoopRig({ detectors: [crowded] }).start();
    const web = new Workload(rig);
    web.ready('web-7d4b-a');
    assert.deepEqual(await rig.told(), []);
    web.ready('web-7d4b-b');
    assert.deepEqual(await rig.told(), ['observed crowded Deployment/web']);
  });

  it('counts what it tells and how long it took, where it saw it happen', async () => {
    const rig = new WatchLoopRig();
    new Workload(rig, aDeployment({ name: 'old' })).crashing('old-7d4b-a', 2);
    await rig.clock.advance(2000);
    await rig.start();
    new Workload(rig).put('web-7d4b-a', { containers: [crashedContainer(2, rig.clock.now() - 500)] });
    const { text } = await rig.metrics.render();
    assert.ok(text?.includes('dogwatch_findings_total{event_type="crash_loop"} 2'));
    assert.ok(text?.includes('dogwatch_detection_seconds_sum{event_type="crash_loop"} 0.5'));
  });

  it('keeps the facets of one owner apart', async () => {
    const rig = await new WatchLoopRig().start();
    new Workload(rig).put('web-7d4b-a', { containers: [crashedContainer(2, rig.clock.now(), 'OOMKilled')] });
    assert.deepEqual(
      [...(await rig.told())].sort(),
      ['observed oom_killed Deployment/web', 'observed crash_loop Deployment/web'].sort(),
    );
  });

  it('names a pod without a controller as its own owner', async () => {
    const rig = await new WatchLoopRig().start();
    rig.view.put(aPod({ containers: [aContainer({ waiting: { reason: 'ErrImagePull', message: null } })] }));
    assert.deepEqual(await rig.told(), ['observed image_pull_failed Pod/pod-1']);
  });

  it('names the CronJob behind a Job that is not watched', async () => {
    const rig = await new WatchLoopRig().start();
    rig.view.setExternalOwner('uid-job', { kind: 'CronJob', name: 'backup', uid: 'uid-cronjob' });
    rig.view.put(
      aPod({
        controller: controlledBy({ kind: 'Pod', name: 'backup-1', uid: 'uid-job' }),
        containers: [crashedContainer(3, rig.clock.now())],
      }),
    );
    assert.deepEqual(await rig.told(), ['observed crash_loop CronJob/backup']);
  });
});
