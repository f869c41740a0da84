import assert from 'node:assert/strict';
import type { ClusterChange, ResourceReference } from '@dogwatch/core';
import { aPod, aReplicaSet, controlledBy } from '@dogwatch/testkit';
import { untrim } from '../untrim.js';
import { until } from '../until.js';
import { WatchedWorld } from '../watched-world.js';

const jobs = '/apis/batch/v1/jobs';
const jobOf = (index: number): ResourceReference & { uid: string } => ({
  kind: 'Job',
  name: `job-${index}`,
  uid: `job-${index}`,
});
const cronJob = { kind: 'CronJob', name: 'nightly', uid: 'cron' };

describe('the owners of pods', () => {
  let world: WatchedWorld;

  beforeEach(async () => {
    world = await WatchedWorld.create();
  });

  afterEach(async () => {
    await world.destroy();
    assert.equal(world.clock.pendingTimers, 0, 'a timer was left behind');
  });

  const owners = (): (string | undefined)[] =>
    [...world.view.list('Pod')].map((pod) => `${pod.name}: ${world.view.ownerOf(pod).name}`).sort();
  const reads = (): string[] =>
    world.fake.server.requests.map((one) => one.path).filter((path) => path.includes('/batch/v1/'));

  it('reads a Job once for all its pods', async () => {
    await world.putExternal(cronJob, 'default', null);
    await world.putExternal(jobOf(1), 'default', cronJob);
    for (const name of ['a', 'b', 'c']) world.fake.put(untrim(aPod({ name, controller: jobOf(1) })));
    await world.start();
    await world.put(aPod({ name: 'd', controller: jobOf(1) }));
    assert.deepEqual(owners(), ['a: nightly', 'b: nightly', 'c: nightly', 'd: nightly']);
    assert.equal(reads().filter((path) => path.endsWith('/job-1')).length, 1);
  });

  it('reads a list of many Jobs at once, and is live only after their pods are shown', async () => {
    await world.putExternal(cronJob, 'default', null);
    for (let index = 0; index < 50; index++) {
      await world.putExternal(jobOf(index), 'default', cronJob);
      world.fake.put(untrim(aPod({ name: `pod-${index}`, controller: jobOf(index) })));
    }
    const order: string[] = [];
    world.view.onChange((change: ClusterChange) => {
      if (change.type === 'added' && change.after.kind === 'Pod') order.push('pod');
      if (change.type === 'watch-state' && change.state.kind === 'Pod') order.push(change.state.state);
    });
    await world.start();
    assert.equal(order.length, 51);
    assert.equal(order.at(-1), 'live');
    assert.equal(world.fake.server.count(jobs, false), 1);
    assert.ok(reads().length <= 8, `${reads().length} requests for 50 Jobs`);
    assert.equal([...world.view.podsOf('cron')].length, 50);
  });

  it('shows pods under their Job when its reading is forbidden, and does not ask again for each', async () => {
    world.fake.misbehave('Job', 'forbidden');
    for (let index = 0; index < 3; index++) {
      await world.putExternal(jobOf(index), 'default', cronJob);
      world.fake.put(untrim(aPod({ name: `pod-${index}`, controller: jobOf(index) })));
    }
    await world.start();
    assert.deepEqual(owners(), ['pod-0: job-0', 'pod-1: job-1', 'pod-2: job-2']);
    const before = reads().length;
    await world.put(aPod({ name: 'later', controller: jobOf(9) }));
    assert.equal(reads().length, before);
  });

  it('shows pods under their Job when it is gone, or another one has its name', async () => {
    await world.putExternal({ ...jobOf(1), uid: 'another' }, 'default', cronJob);
    await world.start();
    await world.put(aPod({ name: 'orphan', controller: jobOf(7) }), aPod({ name: 'stale', controller: jobOf(1) }));
    assert.deepEqual(owners(), ['orphan: job-7', 'stale: job-1']);
  });

  it('holds no other pod back while a Job cannot be read', async () => {
    await world.start();
    const { server } = world.fake;
    const answer = server.currentAnswer;
    server.setAnswer((request, response) => {
      if (!request.path.includes('/jobs/')) answer(request, response);
    });
    world.fake.put(untrim(aPod({ name: 'waiting', controller: jobOf(1) })));
    world.fake.put(untrim(aPod({ name: 'bare' })));
    await until(() => world.view.get('Pod', 'default', 'bare') !== null);
    assert.equal(world.view.get('Pod', 'default', 'waiting'), null);
    await world.until(() => world.view.get('Pod', 'default', 'waiting') !== null);
    assert.deepEqual(owners(), ['bare: bare', 'waiting: job-1']);
  });

  it('never tells a pod that is gone before its owner is known', async () => {
    await world.start();
    const told: string[] = [];
    world.view.onChange((change) => told.push(change.type));
    const { server } = world.fake;
    const answer = server.currentAnswer;
    server.setAnswer((request, response) => {
      if (!request.path.includes('/jobs/')) answer(request, response);
    });
    const pod = untrim(aPod({ name: 'short', controller: jobOf(1) }));
    world.fake.put(pod);
    await until(() => server.requests.some((one) => one.path.includes('/jobs/job-1')));
    world.fake.remove(pod);
    await world.put(aPod({ name: 'after' }));
    await world.clock.advance(10_000);
    assert.deepEqual(told, ['added']);
  });

  it('tells at once that a pod is gone whose successor waits for its owner', async () => {
    await world.put(aPod({ name: 'same', uid: 'first' }));
    await world.start();
    const { server } = world.fake;
    const answer = server.currentAnswer;
    server.setAnswer((request, response) => {
      if (!request.path.includes('/jobs/')) answer(request, response);
    });
    const raw = untrim(aPod({ name: 'same', uid: 'second', controller: jobOf(1) }));
    const object = { ...raw, metadata: { ...raw.metadata, resourceVersion: '9999' } };
    world.fake.tell('Pod', { type: 'MODIFIED', object });
    await until(() => server.requests.some((one) => one.path.includes('/jobs/job-1')));
    assert.equal(world.view.get('Pod', 'default', 'same'), null);
  });

  it('takes back its timers when it stops while a pod waits for its ReplicaSet', async () => {
    await world.start();
    world.fake.put(untrim(aPod({ name: 'early', controller: controlledBy(aReplicaSet()) })));
    world.fake.put(untrim(aPod({ name: 'marker' })));
    await until(() => world.view.get('Pod', 'default', 'marker') !== null);
    assert.equal(world.view.get('Pod', 'default', 'early'), null);
    await world.cluster.stop();
    assert.equal(world.clock.pendingTimers, 0);
  });

  it('ends a chain of controllers that runs in a circle', async () => {
    const one = aReplicaSet({ name: 'one', uid: 'u1', controller: { kind: 'ReplicaSet', name: 'two', uid: 'u2' } });
    const two = aReplicaSet({ name: 'two', uid: 'u2', controller: { kind: 'ReplicaSet', name: 'one', uid: 'u1' } });
    await world.put(one, two, aPod({ controller: controlledBy(one) }));
    await world.start();
    assert.deepEqual(owners(), ['pod-1: two']);
    assert.equal(world.view.ownerOf(one).name, 'two');
  });

  it('waits a moment for a ReplicaSet whose watch is behind, then reads it', async () => {
    const deployment = { kind: 'Deployment', name: 'web', uid: 'uid-web' };
    const replicaSet = aReplicaSet({ controller: deployment });
    await world.putExternal(deployment, 'default', null);
    await world.start();
    world.fake.misbehave('ReplicaSet', 'dropping');
    world.fake.dropWatches('ReplicaSet');
    await world.until(() => !world.view.isComplete('ReplicaSet'));
    world.fake.put(untrim(replicaSet));
    await world.put(aPod({ name: 'early', controller: controlledBy(replicaSet) }));
    assert.deepEqual(owners(), ['early: web']);
    world.fake.misbehave('ReplicaSet', null);
    await world.until(() => world.view.isComplete('ReplicaSet'));
    assert.equal([...world.view.podsOf('uid-web')].length, 1);
  });

  it('forgets Jobs whose pods are gone', async () => {
    await world.putExternal(cronJob, 'default', null);
    await world.putExternal(jobOf(1), 'default', cronJob);
    await world.start();
    const pod = aPod({ name: 'a', controller: jobOf(1) });
    await world.put(pod);
    assert.equal(world.view.linkCount, 2);
    await world.remove(pod);
    assert.equal(world.view.linkCount, 0);
  });
});
