import assert from 'node:assert/strict';
import type { ClusterChange } from '@dogwatch/core';
import {
  aContainer,
  aDeployment,
  anEvent,
  aPod,
  aReplicaSet,
  BUILDERS_EPOCH,
  controlledBy,
  involvedBy,
  MemoryClusterView,
} from '@dogwatch/testkit';

describe('MemoryClusterView', () => {
  it('finds the pods of a Deployment through its ReplicaSets', () => {
    const view = new MemoryClusterView('test');
    const deployment = aDeployment();
    const replicaSet = aReplicaSet({ controller: controlledBy(deployment) });
    const pod = aPod({ controller: controlledBy(replicaSet) });
    view.put(deployment, replicaSet, pod, aPod({ name: 'other' }));

    assert.deepEqual([...view.podsOf(deployment.uid)], [pod]);
    assert.deepEqual([...view.podsOf(replicaSet.uid)], []);
    assert.deepEqual(view.ownerOf(pod), { kind: 'Deployment', name: 'web', uid: deployment.uid });
  });

  it('tells a recreated object as deleted, then added, and an equal one not at all', () => {
    const view = new MemoryClusterView('test');
    const first = aPod({ uid: 'one', resourceVersion: '1' });
    view.put(first);
    const told: string[] = [];
    view.onChange((change: ClusterChange) => told.push(change.type));

    view.put(aPod({ uid: 'one', resourceVersion: '1' }));
    view.put(aPod({ uid: 'two' }));

    assert.deepEqual(told, ['deleted', 'added']);
  });

  it('ends a chain of controllers that runs in a circle', () => {
    const view = new MemoryClusterView('test');
    const one = aReplicaSet({ name: 'one', controller: { kind: 'ReplicaSet', name: 'two', uid: 'u2' }, uid: 'u1' });
    const two = aReplicaSet({ name: 'two', controller: { kind: 'ReplicaSet', name: 'one', uid: 'u1' }, uid: 'u2' });
    view.put(one, two);

    assert.equal(view.ownerOf(one).uid, 'u2');
  });

  it('answers events newest first', () => {
    const view = new MemoryClusterView('test');
    const pod = aPod();
    const involved = involvedBy(pod);
    view.put(
      anEvent({ name: 'old', involved, lastSeenAt: BUILDERS_EPOCH }),
      anEvent({ name: 'new', involved, lastSeenAt: BUILDERS_EPOCH + 1 }),
    );

    assert.deepEqual(
      view.eventsOf(pod.uid).map((event) => event.name),
      ['new', 'old'],
    );
  });

  it('calls absence certain only while the watch is live', () => {
    const view = new MemoryClusterView('test');
    assert.equal(view.isComplete('Pod'), true);
    view.setWatchState('Pod', 'recovering', 'connection refused');
    assert.equal(view.isComplete('Pod'), false);
  });
});

describe('the object builders', () => {
  it('make a pod not ready when a container waits', () => {
    const pod = aPod({ containers: [aContainer({ waiting: { reason: 'CrashLoopBackOff', message: null } })] });
    assert.equal(pod.ready, false);
    assert.equal(pod.containers[0]?.running, null);
    assert.equal(pod.conditions.find((condition) => condition.type === 'Ready')?.status, 'False');
  });

  it('freeze what they make', () => {
    assert.equal(Object.isFrozen(aPod().containers[0]), true);
  });
});
