import assert from 'node:assert/strict';
import { assertPart } from './assert-part.js';
import type { SimulatedCluster } from '@dogwatch/testkit';
import { ClusterFixture, configMap, type Caller } from './cluster-fixture.js';
import { WatchReader } from './watch-reader.js';

const MAPS = '/api/v1/namespaces/default/configmaps';

describe('SimulatedCluster, watches', () => {
  const fixture = new ClusterFixture();
  let cluster: SimulatedCluster;
  let caller: Caller;
  const remove = (name: string): void =>
    cluster.delete({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name });
  const version = async (): Promise<string> =>
    String((await caller.call('GET', MAPS)).body.metadata['resourceVersion']);
  const watch = (query: string): Promise<WatchReader> => WatchReader.open(cluster, `${MAPS}?watch=1&${query}`);

  beforeEach(async () => {
    ({ cluster, caller } = await fixture.start({ bookmarkIntervalMs: 20 }));
  });
  afterEach(() => fixture.closeAll());

  it('replays what happened since the list and goes on live, in order', async () => {
    const from = await version();
    cluster.apply(configMap('a'));
    cluster.apply(configMap('a', { changed: 'yes' }));
    const reader = await watch(`resourceVersion=${from}`);
    await reader.until((lines) => lines.length === 2);
    remove('a');
    cluster.apply(configMap('b'));
    await reader.until((lines) => lines.length === 4);
    assert.deepEqual(reader.names(), ['ADDED a', 'MODIFIED a', 'DELETED a', 'ADDED b']);
    const versions = reader.lines.map(({ object }) => Number(object.metadata.resourceVersion));
    assert.deepEqual(
      versions,
      [...versions].sort((left, right) => left - right),
    );
    assertPart(reader.lines[0]?.object, { kind: 'ConfigMap', apiVersion: 'v1' });
  });

  it('begins with all objects when no version is given', async () => {
    cluster.apply(configMap('a'));
    const reader = await watch('');
    await reader.until((lines) => lines.length === 1);
    cluster.apply(configMap('b'));
    await reader.until((lines) => lines.length === 2);
    assert.deepEqual(reader.names(), ['ADDED a', 'ADDED b']);
  });

  it('turns a change of labels into appearing and disappearing for a selecting watch', async () => {
    const reader = await watch(`resourceVersion=${await version()}&labelSelector=tier%3Dweb`);
    cluster.apply(configMap('a', {}, { tier: 'db' }));
    cluster.apply(configMap('a', {}, { tier: 'web' }));
    cluster.apply(configMap('a', { x: 'y' }, { tier: 'web' }));
    cluster.apply(configMap('a', {}, { tier: 'db' }));
    await reader.until((lines) => lines.length === 3);
    assert.deepEqual(reader.names(), ['ADDED a', 'MODIFIED a', 'DELETED a']);
  });

  it('says 410 inside the stream when the version is forgotten, and ends', async () => {
    const from = await version();
    cluster.apply(configMap('a'));
    cluster.compact();
    const lines = await (await watch(`resourceVersion=${from}`)).untilEnd();
    assert.equal(lines.length, 1);
    assertPart(lines[0], { type: 'ERROR' });
    assertPart(lines[0]?.object, { kind: 'Status', code: 410, reason: 'Expired' });
  });

  it('forgets the oldest changes by itself when there are too many', async () => {
    ({ cluster, caller } = await fixture.start({ maxHistory: 10 }));
    const from = await version();
    for (let index = 0; index < 30; index += 1) cluster.apply(configMap(`map-${index}`));
    const [line] = await (await watch(`resourceVersion=${from}`)).untilEnd();
    assert.equal(line?.object.code, 410);
  });

  it('refuses a version from the future with 504', async () => {
    const answer = await caller.call('GET', `${MAPS}?watch=1&resourceVersion=999999`);
    assertPart(answer.body, { code: 504, reason: 'Timeout' });
  });

  it('sends bookmarks to those who asked, and they move on with other kinds', async () => {
    const reader = await watch(`resourceVersion=${await version()}&allowWatchBookmarks=true`);
    cluster.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'default', name: 'other' } });
    const now = await version();
    await reader.until((lines) =>
      lines.some(({ type, object }) => type === 'BOOKMARK' && object.metadata.resourceVersion === now),
    );
    const plain = await watch(`resourceVersion=${now}`);
    await reader.until((lines) => lines.length > 3);
    assert.deepEqual(plain.lines, []);
  });

  it('ends a watch when its time is over', async () => {
    const reader = await watch(`resourceVersion=${await version()}&timeoutSeconds=1`);
    await reader.untilEnd();
    assert.equal(reader.ending, 'ended');
  });

  it('cuts all watches when told to', async () => {
    const reader = await watch(`resourceVersion=${await version()}`);
    assert.equal(cluster.watchCount, 1);
    cluster.dropWatches();
    await reader.untilEnd();
    assert.equal(reader.ending, 'broken');
    cluster.apply(configMap('a'));
    assert.deepEqual(reader.lines, []);
  });

  it('falls silent while it hangs and delivers everything afterwards', async () => {
    const reader = await watch(`resourceVersion=${await version()}`);
    cluster.hang();
    const held = caller.call('GET', MAPS);
    cluster.apply(configMap('a'));
    const probe = await Promise.race([
      held,
      new Promise<'silent'>((resolve) => setTimeout(() => resolve('silent'), 50)),
    ]);
    assert.equal(probe, 'silent');
    assert.deepEqual(reader.lines, []);
    cluster.resume();
    assert.equal((await held).status, 200);
    await reader.until((lines) => lines.length === 1);
  });

  it('refuses everything with 503, or closes the connection, until it is resumed', async () => {
    cluster.refuse('503');
    assert.equal((await caller.call('GET', MAPS)).status, 503);
    cluster.refuse('close');
    const failure = await caller.call('GET', MAPS).then(
      () => null,
      (error: unknown) => error,
    );
    assert.ok(failure instanceof TypeError);
    cluster.resume();
    assert.equal((await caller.call('GET', MAPS)).status, 200);
  });

  it('gives fifty watches the same changes in the same order', async () => {
    const from = await version();
    const readers = await Promise.all(Array.from({ length: 50 }, () => watch(`resourceVersion=${from}`)));
    for (let index = 0; index < 100; index += 1) cluster.apply(configMap(`map-${index % 7}`, { index: String(index) }));
    await Promise.all(readers.map((reader) => reader.until((lines) => lines.length === 100)));
    const [first] = readers;
    for (const reader of readers) assert.deepEqual(reader.lines, first?.lines);
  });
});
