import assert from 'node:assert/strict';
import { aNode, aPod } from '@dogwatch/testkit';
import { untrim } from '../untrim.js';
import { until } from '../until.js';
import { WatchedWorld } from '../watched-world.js';

describe('WatchedCluster', () => {
  let world: WatchedWorld;

  beforeEach(async () => {
    world = await WatchedWorld.create();
  });

  afterEach(async () => {
    await world.destroy();
    assert.equal(world.clock.pendingTimers, 0, 'a timer was left behind');
  });

  const states = (): string[] => world.view.watchStates().map((watch) => watch.state);
  /** Manual time in steps that leave answers over real sockets the time they need. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 250) {
      await world.clock.advance(250);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  }

  it('is well while everything is watched, and counts what it holds', async () => {
    await world.put(aPod(), aPod({ name: 'two' }), aNode());
    await world.start();
    const { status, message } = world.cluster.health();
    assert.equal(status, 'ok');
    assert.match(message, /Cluster 'test' is watched: 1 nodes, 0 deployments, 0 replicasets, 2 pods, 0 events/);
    await world.clock.advance(15_000);
    assert.equal(world.metrics.value('dogwatch_watch_objects', { cluster: 'test', kind: 'Pod' }), 2);
    assert.equal(world.metrics.value('dogwatch_watch_live', { cluster: 'test', kind: 'Pod' }), 1);
    assert.equal(world.metrics.value('dogwatch_cluster_reachable', { cluster: 'test' }), 1);
  });

  it('says that it reads for the first time, not that it is broken', () => {
    const { status, message } = world.cluster.health();
    assert.equal(status, 'degraded');
    assert.match(message, /pods: being read for the first time/);
  });

  it('notices an API server that hangs within half a minute, and resumes by itself', async () => {
    await world.put(aPod());
    await world.start();
    world.fake.isHung = true;
    const hungAt = world.clock.now();
    await world.until(() => world.cluster.health().status === 'down');
    assert.ok(world.clock.now() - hungAt <= 30_000, `after ${world.clock.now() - hungAt} ms`);
    assert.match(world.cluster.health().message, /Not reachable since .*cannot reach the API server: no .*answer/);
    await until(() => states().every((state) => state === 'recovering'));
    assert.equal(world.view.count('Pod'), 1);
    await pass(60_000);
    assert.equal(world.view.count('Pod'), 1, 'absence in a silent cluster was taken for the truth');
    world.fake.remove(untrim(aPod()));
    world.fake.isHung = false;
    const backAt = world.clock.now();
    await world.until(() => states().every((state) => state === 'live'));
    assert.ok(world.clock.now() - backAt <= 12_000, `live again only after ${world.clock.now() - backAt} ms`);
    assert.equal(world.cluster.health().status, 'ok');
    assert.equal(world.view.count('Pod'), 0);
  });

  it('is not alarmed by a single answer that fails', async () => {
    await world.start();
    const { server } = world.fake;
    const answer = server.currentAnswer;
    let failed = 0;
    server.setAnswer((request, response) => {
      if (request.path !== '/version' || failed > 0) return answer(request, response);
      failed += 1;
      response.destroy();
    });
    await world.until(() => failed === 1);
    await pass(5000);
    assert.equal(world.cluster.health().status, 'ok');
    assert.equal(
      world.logger.lines.some((line) => line.event === 'cluster_unreachable'),
      false,
    );
  });

  it('names the missing right and the remedy, and watches the other kinds', async () => {
    await world.forbid('Node');
    await world.put(aPod());
    await world.start();
    const { status, message } = world.cluster.health();
    assert.equal(status, 'degraded');
    assert.match(
      message,
      /nodes: list is forbidden: give 'system:serviceaccount:dogwatch:watcher' the rights 'list nodes'/,
    );
    assert.match(message, /detectors that need nodes are off/);
    assert.equal(world.view.count('Pod'), 1);
  });

  it('is down when nothing at all may be read', async () => {
    for (const kind of world.view.kinds) await world.forbid(kind);
    await world.start();
    assert.equal(world.cluster.health().status, 'down');
  });

  it('leaves no connection behind when it is stopped, at whatever moment', async () => {
    await world.start();
    await world.cluster.stop();
    await until(() => world.fake.server.openAnswerCount === 0);
    const requests = world.fake.server.requests.length;
    await pass(60_000);
    assert.equal(world.fake.server.requests.length, requests);
  });

  it('can be stopped while its API server hangs', async () => {
    world.fake.isHung = true;
    world.cluster.start();
    await until(() => world.fake.server.openAnswerCount >= 6);
    await world.cluster.stop();
    await until(() => world.fake.server.openAnswerCount === 0);
  });

  it('goes on when a listener throws', async () => {
    await world.start();
    const told: string[] = [];
    world.view.onChange(() => {
      throw new Error('a listener with a bug');
    });
    world.view.onChange((change) => told.push(change.type));
    await world.put(aPod());
    assert.deepEqual(told, ['added']);
    assert.ok(world.logger.lines.some((line) => line.event === 'cluster_listener_failed'));
  });
});
