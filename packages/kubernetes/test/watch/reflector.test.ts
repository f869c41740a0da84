import assert from 'node:assert/strict';
import type { ClusterChange } from '@dogwatch/core';
import { aNode, aPod } from '@dogwatch/testkit';
import { until } from '../until.js';
import { sendJson } from '../scripted-api-server.js';
import { untrim } from '../untrim.js';
import { WatchedWorld } from '../watched-world.js';

const pods = '/api/v1/pods';

describe('Reflector', () => {
  let world: WatchedWorld;

  beforeEach(async () => {
    world = await WatchedWorld.create();
  });

  afterEach(async () => {
    await world.destroy();
    assert.equal(world.clock.pendingTimers, 0, 'a timer was left behind');
  });

  function lists(): number {
    return world.fake.server.count(pods, false);
  }
  function watches(): number {
    return world.fake.server.count(pods, true);
  }
  function lastWatchQuery(): URLSearchParams {
    const watch = world.fake.server.requests.findLast((one) => one.path === pods && one.query.has('watch'));
    assert.ok(watch);
    return watch.query;
  }
  function podState(): string | undefined {
    return world.view.watchStates().find((watch) => watch.kind === 'Pod')?.state;
  }
  function podMessage(): string {
    return world.view.watchStates().find((watch) => watch.kind === 'Pod')?.message ?? '';
  }
  function podNames(): string[] {
    return [...world.view.list('Pod')].map((pod) => pod.name).sort();
  }

  describe('listing', () => {
    it('reads a list page by page', async () => {
      world.fake.pageSize = 2;
      for (let index = 1; index <= 5; index++) world.fake.put(untrim(aPod({ name: `pod-${index}` })));
      await world.start();
      assert.deepEqual(podNames(), ['pod-1', 'pod-2', 'pod-3', 'pod-4', 'pod-5']);
      assert.equal(lists(), 3);
      assert.equal(world.fake.server.requests.find((one) => one.path === pods)?.query.get('limit'), '500');
    });

    it('begins a list again that expires between two pages, and at last reads it in one piece', async () => {
      world.fake.pageSize = 2;
      for (let index = 1; index <= 5; index++) world.fake.put(untrim(aPod({ name: `pod-${index}` })));
      const { server } = world.fake;
      const answer = server.currentAnswer;
      server.setAnswer((request, response) => {
        if (request.query.has('continue')) world.fake.compact();
        answer(request, response);
      });
      await world.start();
      assert.equal(podNames().length, 5);
      const limits = server.requests
        .filter((one) => one.path === pods && !one.query.has('watch') && !one.query.has('continue'))
        .map((one) => one.query.get('limit'));
      assert.deepEqual(limits, ['500', '500', null]);
    });

    it('is not live while no full list is in, and says why', async () => {
      world.fake.misbehave('Pod', 'failing');
      world.cluster.start();
      await world.until(() => podMessage() !== '');
      assert.equal(podState(), 'starting');
      assert.match(podMessage(), /pods: etcd has lost its leader/);
      world.fake.misbehave('Pod', null);
      await world.until(() => podState() === 'live');
    });

    it('gives up a list that is never answered', async () => {
      world.fake.misbehave('Pod', 'hanging');
      world.cluster.start();
      await until(() => lists() === 1);
      await world.clock.advance(15_000);
      await until(() => /no answer for 15 s/.test(podMessage()));
      assert.equal(podState(), 'starting');
    });
  });

  describe('watching', () => {
    it('goes on from the version of its list, with bookmarks and an end that comes before a minute', async () => {
      world.fake.put(untrim(aPod()));
      await world.start();
      const query = lastWatchQuery();
      assert.equal(query.get('resourceVersion'), world.fake.versionOf('Pod', 'default', 'pod-1'));
      assert.equal(query.get('allowWatchBookmarks'), 'true');
      assert.ok(Number(query.get('timeoutSeconds')) <= 50 && Number(query.get('timeoutSeconds')) >= 30);
    });

    it('goes on from the newest bookmark without a list and without leaving live after a regular end', async () => {
      await world.start();
      const changes: ClusterChange[] = [];
      world.view.onChange((change) => changes.push(change));
      world.fake.tell('Pod', { type: 'BOOKMARK', object: { kind: 'Pod', metadata: { resourceVersion: '1234' } } });
      await world.clock.advance(25_000);
      world.fake.endWatches('Pod');
      await world.until(() => watches() === 2);
      assert.equal(lastWatchQuery().get('resourceVersion'), '1234');
      assert.equal(lists(), 1);
      assert.deepEqual(changes, []);
    });

    it('asks for Warning events alone', async () => {
      await world.start();
      const requests = world.fake.server.requests.filter((one) => one.path === '/api/v1/events');
      assert.deepEqual(
        requests.map((one) => one.query.get('fieldSelector')),
        ['type=Warning', 'type=Warning'],
      );
    });

    it('sees what happened while a connection was broken, without a new list', async () => {
      await world.start();
      world.fake.dropWatches('Pod');
      await world.until(() => podState() === 'recovering');
      world.fake.put(untrim(aPod()));
      await world.until(() => podState() === 'live');
      assert.deepEqual(podNames(), ['pod-1']);
      assert.equal(lists(), 1);
    });

    it('lists again when its version is too old, and is not live in between', async () => {
      world.fake.put(untrim(aPod({ name: 'gone' })));
      await world.start();
      const states: string[] = [];
      world.view.onChange((change) => {
        if (change.type === 'watch-state') states.push(change.state.state);
      });
      world.fake.misbehave('Pod', 'dropping');
      world.fake.dropWatches('Pod');
      await world.until(() => podState() === 'recovering');
      world.fake.remove(untrim(aPod({ name: 'gone' })));
      world.fake.compact();
      world.fake.misbehave('Pod', null);
      await world.until(() => podState() === 'live');
      assert.deepEqual(podNames(), []);
      assert.equal(states.indexOf('live'), states.length - 1);
      assert.equal(world.metrics.value('dogwatch_watch_restarts_total', label('expired')), 1);
    });

    it('takes an in-stream error for a failure, also when the stream then ends in good order', async () => {
      await world.start();
      const object = { kind: 'Status', code: 504, reason: 'Timeout', message: 'etcd is slow' };
      world.fake.tell('Pod', { type: 'ERROR', object });
      await world.until(() => podState() === 'recovering');
      assert.match(podMessage(), /etcd is slow/);
      await world.until(() => podState() === 'live');
      assert.equal(lists(), 1);
    });

    it('lists again after three watches in a row that fail', async () => {
      await world.start();
      const { server } = world.fake;
      const answer = server.currentAnswer;
      let refused = 0;
      server.setAnswer((request, response) => {
        if (request.path !== pods || !request.query.has('watch') || lists() > 1) return answer(request, response);
        refused += 1;
        response.destroy();
      });
      world.fake.dropWatches('Pod');
      await world.until(() => lists() === 2);
      assert.equal(refused, 2);
      await world.until(() => podState() === 'live');
    });

    it('gives up a watch that is never accepted, connection included', async () => {
      await world.start();
      world.fake.misbehave('Pod', 'hanging');
      world.fake.dropWatches('Pod');
      await world.until(() => watches() === 2);
      await world.clock.advance(15_000);
      await until(() => /did not accept the watch within 15 s/.test(podMessage()));
      await until(() => world.fake.server.openAnswersOf(pods) === 0);
    });

    it('gives up a watch that outlives its own end in silence', async () => {
      await world.start();
      await world.clock.advance(50_000);
      await world.until(() => watches() >= 2);
      assert.ok(world.metrics.value('dogwatch_watch_restarts_total', label('failed')) >= 1);
      await world.until(() => podState() === 'live');
    });

    it('leaves out malformed objects, counts them and goes on', async () => {
      world.fake.put({ kind: 'Pod', metadata: { name: 'broken', namespace: 'default' }, spec: 7, status: null });
      world.fake.put(untrim(aPod({ name: 'good' })));
      await world.start();
      world.fake.tell('Pod', { type: 'MODIFIED', object: null });
      world.fake.tell('Pod', { type: 'MODIFIED', object: { metadata: 'nonsense' } });
      world.fake.tell('Pod', { type: 'DELETED', object: 7 });
      world.fake.tell('Pod', { type: 'NOVELTY', object: {} });
      await world.put(aPod({ name: 'later' }));
      assert.deepEqual(podNames(), ['good', 'later']);
      assert.equal(podState(), 'live');
      assert.equal(world.metrics.value('dogwatch_watch_malformed_objects_total', { cluster: 'test', kind: 'Pod' }), 3);
    });

    it('does not take an object for gone because it has become malformed', async () => {
      await world.put(aPod());
      await world.start();
      await world.breakWatch('Pod');
      world.fake.put({ kind: 'Pod', metadata: { name: 'pod-1', namespace: 'default' } });
      await world.healWatch('Pod');
      assert.deepEqual(podNames(), ['pod-1']);
    });

    it('takes nothing for gone while something in the list has not even a name', async () => {
      await world.put(aPod(), aPod({ name: 'other' }));
      await world.start();
      await world.breakWatch('Pod');
      world.fake.remove(untrim(aPod()));
      const { server } = world.fake;
      const answer = server.currentAnswer;
      server.setAnswer((request, response) => {
        if (request.path !== pods || request.query.has('watch')) return answer(request, response);
        sendJson(response, { metadata: { resourceVersion: '9000' }, items: [{ metadata: { uid: 'nameless' } }] });
      });
      await world.healWatch('Pod');
      assert.deepEqual(podNames(), ['other', 'pod-1']);
    });

    it('tells a MODIFIED object with another uid as deleted, then added', async () => {
      await world.put(aPod({ uid: 'first' }));
      await world.start();
      const told: string[] = [];
      world.view.onChange((change) => told.push(change.type));
      const raw = untrim(aPod({ uid: 'second' }));
      const object = { ...raw, metadata: { ...raw.metadata, resourceVersion: '9999' } };
      world.fake.tell('Pod', { type: 'MODIFIED', object });
      await world.until(() => world.view.get('Pod', 'default', 'pod-1')?.uid === 'second');
      assert.deepEqual(told, ['deleted', 'added']);
    });

    it('tells a state of an object once, though a watch repeats it', async () => {
      await world.put(aPod());
      await world.start();
      const told: string[] = [];
      world.view.onChange((change) => told.push(change.type));
      const raw = untrim(aPod());
      const version = world.fake.versionOf('Pod', 'default', 'pod-1');
      const object = { ...raw, metadata: { ...raw.metadata, resourceVersion: version } };
      world.fake.tell('Pod', { type: 'ADDED', object });
      await world.put(aNode());
      world.fake.tell('Pod', { type: 'BOOKMARK', object: { metadata: { resourceVersion: '4321' } } });
      world.fake.put(untrim(aPod({ name: 'last' })));
      await world.until(() => podNames().includes('last'));
      assert.deepEqual(told, ['added', 'added']);
    });
  });

  describe('backing off', () => {
    function delays(): number[] {
      return world.logger.lines
        .filter((line) => line.event === 'watch_broken' && line.fields.kind === 'Pod')
        .map((line) => line.fields.delay_ms as number);
    }

    it('waits longer and longer up to 30 s, and begins anew after a healthy stretch', async () => {
      await world.start();
      world.fake.misbehave('Pod', 'failing');
      world.fake.dropWatches('Pod');
      for (let failures = 1; failures <= 9; failures++) {
        await until(() => delays().length >= failures);
        await world.clock.advance(delays().at(-1) ?? 0);
      }
      // With random 0.5 each delay is three quarters of its step.
      assert.deepEqual(delays().slice(0, 9), [375, 750, 1500, 3000, 6000, 12_000, 22_500, 22_500, 22_500]);
      world.fake.misbehave('Pod', null);
      await world.until(() => podState() === 'live');
      await world.clock.advance(25_000);
      await world.until(() => podState() === 'live');
      const before = delays().length;
      world.fake.dropWatches('Pod');
      await world.until(() => delays().length > before);
      assert.equal(delays()[before], 375);
    });

    it('does not fall into a busy loop with a server that ends each watch at once', async () => {
      await world.start();
      const { server } = world.fake;
      const answer = server.currentAnswer;
      server.setAnswer((request, response) => {
        if (request.path === pods && request.query.has('watch')) response.writeHead(200).end();
        else answer(request, response);
      });
      world.fake.endWatches('Pod');
      for (let failures = 1; failures <= 5; failures++) {
        await until(() => delays().length >= failures);
        await world.clock.advance(delays().at(-1) ?? 0);
      }
      assert.deepEqual(delays().slice(0, 5), [375, 750, 1500, 3000, 6000]);
    });

    it('waits as long as a busy API server asks for', async () => {
      const { server } = world.fake;
      const answer = server.currentAnswer;
      server.setAnswer((request, response) => {
        if (request.path === pods && lists() === 1) response.writeHead(429, { 'retry-after': '20' }).end();
        else answer(request, response);
      });
      world.cluster.start();
      await until(() => delays().length === 1);
      assert.deepEqual(delays(), [20_000]);
      await world.clock.advance(19_999);
      assert.equal(lists(), 1);
      await world.clock.advance(1);
      await until(() => lists() === 2);
    });

    it('asks once a minute for a right that is missing, and goes live when it is given', async () => {
      await world.forbid('Node');
      await world.start();
      const nodeLists = (): number => world.fake.server.count('/api/v1/nodes', false);
      assert.equal(nodeLists(), 1);
      await world.clock.advance(59_000);
      assert.equal(nodeLists(), 1);
      world.fake.misbehave('Node', null);
      world.fake.put(untrim(aNode()));
      await world.until(() => world.view.isComplete('Node'));
      assert.equal(world.view.get('Node', null, 'node-1')?.name, 'node-1');
    });
  });

  function label(reason: string): Record<string, string> {
    return { cluster: 'test', kind: 'Pod', reason };
  }
});
