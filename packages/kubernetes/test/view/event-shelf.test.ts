import assert from 'node:assert/strict';
import type { EventObject } from '@dogwatch/core';
import { WatchedClusterView, watchedKinds } from '@dogwatch/kubernetes';
import { anEvent, aNode, BUILDERS_EPOCH, ManualClock, RecordingLogger } from '@dogwatch/testkit';

describe('the events of a WatchedClusterView', () => {
  const hour = 60 * 60 * 1000;
  let clock: ManualClock;
  let view: WatchedClusterView;

  beforeEach(() => {
    clock = new ManualClock(BUILDERS_EPOCH + hour);
    view = new WatchedClusterView({
      name: 'test',
      kinds: watchedKinds,
      owners: { controllerOf: () => Promise.resolve(null) },
      clock,
      logger: new RecordingLogger(),
      eventLimits: { maxAgeMs: hour, perObject: 3, overall: 20 },
    });
  });

  const about = (uid: string): EventObject['involved'] => ({ kind: 'Pod', namespace: 'default', name: uid, uid });
  const event = (name: string, lastSeenAt: number, uid = 'pod'): EventObject =>
    anEvent({ name, lastSeenAt: BUILDERS_EPOCH + lastSeenAt, involved: about(uid) });
  const namesOf = (uid: string): string[] => view.eventsOf(uid).map((one) => one.name);

  it('keeps warnings alone', () => {
    view.apply(anEvent({ type: 'Normal', involved: about('pod'), lastSeenAt: clock.now() }));
    assert.deepEqual(namesOf('pod'), []);
  });

  it('keeps the newest few about one object, and tells the others as deleted', () => {
    const told: string[] = [];
    view.onChange((change) => {
      if (change.type === 'deleted') told.push(change.before.name);
    });
    for (const [name, age] of [
      ['b', 2],
      ['a', 1],
      ['d', 4],
      ['c', 3],
    ] as const)
      view.apply(event(name, age));
    assert.deepEqual(namesOf('pod'), ['d', 'c', 'b']);
    assert.deepEqual(told, ['a']);
    assert.equal(view.count('Event'), 3);
  });

  it('says nothing of an event that is older than those it has', () => {
    for (const [name, age] of [
      ['b', 2],
      ['c', 3],
      ['d', 4],
    ] as const)
      view.apply(event(name, age));
    const told: unknown[] = [];
    view.onChange((change) => told.push(change));
    view.apply(event('a', 1));
    assert.deepEqual(told, []);
  });

  it('puts an event that is seen again in front', () => {
    view.apply(event('a', 1));
    view.apply(event('b', 2));
    view.apply(event('a', 3));
    assert.deepEqual(namesOf('pod'), ['a', 'b']);
    assert.equal(view.count('Event'), 2);
  });

  it('lets go of what is older than an hour', () => {
    view.apply(event('a', 1000));
    view.apply(event('too-old', -1));
    assert.deepEqual(namesOf('pod'), ['a']);
    const later = new ManualClock(clock.now() + 2000);
    assert.ok(later.now() - BUILDERS_EPOCH - 1000 > hour);
    return clock.advance(2000).then(() => {
      view.sweep();
      assert.deepEqual(namesOf('pod'), []);
      assert.equal(view.count('Event'), 0);
    });
  });

  it('is bounded overall, whatever the number of objects', () => {
    for (let index = 0; index < 200; index++) view.apply(event(`event-${index}`, index, `pod-${index}`));
    assert.ok(view.count('Event') <= 20);
    assert.deepEqual(namesOf('pod-199'), ['event-199']);
    assert.deepEqual(namesOf('pod-0'), []);
  });

  it('finds the events about a node, which the kubelet writes under its name', () => {
    view.apply(aNode({ uid: 'uid-of-node' }));
    const involved = { kind: 'Node', namespace: null, name: 'node-1', uid: 'node-1' };
    view.apply(anEvent({ name: 'by-kubelet', involved, lastSeenAt: BUILDERS_EPOCH + 5 }));
    view.apply(
      anEvent({ name: 'by-controller', involved: { ...involved, uid: 'uid-of-node' }, lastSeenAt: BUILDERS_EPOCH + 9 }),
    );
    assert.deepEqual(namesOf('uid-of-node'), ['by-controller', 'by-kubelet']);
  });
});
