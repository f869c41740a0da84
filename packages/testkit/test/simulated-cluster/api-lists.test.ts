import assert from 'node:assert/strict';
import { assertPart } from './assert-part.js';
import { ClusterFixture, configMap, type Caller } from './cluster-fixture.js';
import type { SimulatedCluster } from '@dogwatch/testkit';

const MAPS = '/api/v1/namespaces/default/configmaps';

describe('SimulatedCluster, lists', () => {
  const fixture = new ClusterFixture();
  let caller: Caller;
  let cluster: SimulatedCluster;
  const names = async (path: string): Promise<unknown[]> => {
    const { status, body, text } = await caller.call('GET', path);
    assert.equal(status, 200, text);
    return body.items.map((item) => (item['metadata'] as { name: string }).name);
  };

  beforeEach(async () => {
    ({ cluster, caller } = await fixture.start());
    for (let index = 0; index < 5; index += 1) {
      cluster.apply(configMap(`map-${index}`, {}, { tier: index < 2 ? 'web' : 'db', index: String(index) }));
    }
  });
  afterEach(() => fixture.closeAll());

  it('lists one namespace or all, sorted by namespace and name, items without type fields', async () => {
    cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'another', name: 'zzz' } });
    assert.deepEqual(await names(MAPS), ['map-0', 'map-1', 'map-2', 'map-3', 'map-4']);
    assert.deepEqual(await names('/api/v1/configmaps'), ['zzz', 'map-0', 'map-1', 'map-2', 'map-3', 'map-4']);
    const { body } = await caller.call('GET', MAPS);
    assertPart(body, { kind: 'ConfigMapList', apiVersion: 'v1' });
    for (const key of ['kind', 'apiVersion']) assert.ok(!(key in (body.items[0] ?? {})));
  });

  it('selects by labels', async () => {
    const select = (selector: string): Promise<unknown[]> =>
      names(`${MAPS}?labelSelector=${encodeURIComponent(selector)}`);
    assert.deepEqual(await select('tier=web'), ['map-0', 'map-1']);
    assert.deepEqual(await select('tier!=web,index notin (3,4)'), ['map-2']);
    assert.deepEqual(await select('index in (0, 4)'), ['map-0', 'map-4']);
    assert.deepEqual(await select('missing'), []);
    assert.equal((await select('!missing,tier')).length, 5);
    assert.equal((await caller.call('GET', `${MAPS}?labelSelector=${encodeURIComponent('a in b')}`)).status, 400);
  });

  it('selects by fields and refuses fields it does not know', async () => {
    assert.deepEqual(await names(`${MAPS}?fieldSelector=metadata.name%3Dmap-3`), ['map-3']);
    assert.equal((await names(`${MAPS}?fieldSelector=metadata.name!%3Dmap-3`)).length, 4);
    const refused = await caller.call('GET', `${MAPS}?fieldSelector=data.a%3Db`);
    assertPart(refused.body, { code: 400, message: 'field label not supported: data.a' });
  });

  it('pages through a list that stays as it was at the first page', async () => {
    const first = await caller.call('GET', `${MAPS}?limit=2`);
    assert.equal(first.body.metadata['remainingItemCount'], 3);
    const token = String(first.body.metadata['continue']);
    cluster.delete({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'map-2' });
    cluster.apply(configMap('map-9'));
    const second = await caller.call('GET', `${MAPS}?limit=2&continue=${token}`);
    const third = await caller.call('GET', `${MAPS}?limit=2&continue=${String(second.body.metadata['continue'])}`);
    const seen = [first, second, third].flatMap(({ body }) =>
      body.items.map((item) => (item['metadata'] as { name: string }).name),
    );
    assert.deepEqual(seen, ['map-0', 'map-1', 'map-2', 'map-3', 'map-4']);
    assert.equal(second.body.metadata['resourceVersion'], first.body.metadata['resourceVersion']);
    assert.ok(!('continue' in third.body.metadata));
  });

  it('answers 410 to a continue token from before a compaction', async () => {
    const first = await caller.call('GET', `${MAPS}?limit=2`);
    cluster.compact();
    const late = await caller.call('GET', `${MAPS}?limit=2&continue=${String(first.body.metadata['continue'])}`);
    assertPart(late.body, { code: 410, reason: 'Expired' });
    assert.equal((await caller.call('GET', `${MAPS}?limit=2&continue=nonsense`)).status, 400);
  });

  it('lists ten thousand objects', async () => {
    for (let index = 0; index < 10_000; index += 1)
      cluster.apply(configMap(`many-${index}`, { text: 'x'.repeat(200) }));
    assert.equal((await names(MAPS)).length, 10_005);
  });
});
