import assert from 'node:assert/strict';
import { assertPart } from './assert-part.js';
import { ClusterFixture, configMap, deploymentManifest, type Answer, type Caller } from './cluster-fixture.js';

const MAPS = '/api/v1/namespaces/default/configmaps';
const WEB = '/apis/apps/v1/namespaces/shop/deployments/web';

describe('SimulatedCluster, single objects', () => {
  const fixture = new ClusterFixture();
  let caller: Caller;
  const create = (manifest: unknown): Promise<Answer> => caller.call('POST', MAPS, manifest);

  beforeEach(async () => {
    const started = await fixture.start();
    caller = started.caller;
    started.cluster.apply(deploymentManifest('web'));
    await started.cluster.waitFor<never>(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
      (web) => (web?.['status'] as { availableReplicas?: number } | undefined)?.availableReplicas === 1,
    );
  });
  afterEach(() => fixture.closeAll());

  it('gives a created object uid, creation time and resourceVersion, and reads it back', async () => {
    const created = await create(configMap('settings', { a: '1' }));
    assert.equal(created.status, 201);
    for (const key of ['uid', 'creationTimestamp', 'resourceVersion']) assert.ok(key in created.body.metadata);
    assert.deepEqual((await caller.call('GET', `${MAPS}/settings`)).body, created.body);
  });

  it('answers 404 with the Status of the real API server', async () => {
    const missing = await caller.call('GET', '/apis/apps/v1/namespaces/shop/deployments/nope');
    assert.equal(missing.status, 404);
    assert.deepEqual(missing.body, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'deployments.apps "nope" not found',
      reason: 'NotFound',
      details: { name: 'nope', group: 'apps', kind: 'deployments' },
      code: 404,
    });
    assert.equal((await caller.call('GET', '/apis/shop.example/v1/things')).text, '404 page not found\n');
    assertPart((await caller.call('GET', '/apis/apps/v1/things')).body, {
      message: 'the server could not find the requested resource',
      code: 404,
    });
    assertPart((await caller.call('POST', '/api/v1/namespaces/nowhere/configmaps', { metadata: { name: 'a' } })).body, {
      message: 'namespaces "nowhere" not found',
      code: 404,
    });
  });

  it('refuses a taken name with 409, another method with 405 and an invalid object with 422', async () => {
    await create(configMap('taken'));
    assertPart((await create(configMap('taken'))).body, { code: 409, reason: 'AlreadyExists' });
    assertPart((await caller.call('POST', `${MAPS}/taken`, {})).body, { code: 405, reason: 'MethodNotAllowed' });
    assertPart((await create(configMap('Not_A_Name'))).body, { code: 422, reason: 'Invalid' });
    const withoutMatch = deploymentManifest('other');
    (withoutMatch['spec'] as { selector: object }).selector = { matchLabels: { app: 'another' } };
    const refused = await caller.call('POST', '/apis/apps/v1/namespaces/shop/deployments', withoutMatch);
    assert.equal(refused.status, 422);
    assert.ok(String(refused.body['message']).includes('`selector` does not match template `labels`'));
  });

  it('answers 401 without the token and 400 to a body that is no JSON', async () => {
    assertPart((await caller.call('GET', MAPS, undefined, { authorization: 'Bearer wrong' })).body, {
      code: 401,
    });
    assertPart((await caller.call('POST', MAPS, '{"a":')).body, { code: 400, reason: 'BadRequest' });
  });

  it('takes a PUT of the version it was read at and refuses an older one with 409', async () => {
    const { body } = await create(configMap('shared', { a: '1' }));
    const replaced = await caller.call('PUT', `${MAPS}/shared`, { ...body, data: { a: '2' } });
    assert.equal(replaced.status, 200);
    const late = await caller.call('PUT', `${MAPS}/shared`, { ...body, data: { a: '3' } });
    assertPart(late.body, { code: 409, reason: 'Conflict' });
    assert.ok(String(late.body['message']).includes('the object has been modified'));
    assert.deepEqual((await caller.call('GET', `${MAPS}/shared`)).body['data'], { a: '2' });
  });

  it('refuses a merge patch and a JSON patch that name another version with 409, another uid with 422', async () => {
    const { body } = await caller.call('GET', WEB);
    const stale = { resourceVersion: '1' };
    assert.equal((await caller.patch(WEB, 'merge', { metadata: stale })).status, 409);
    const replaceVersion = [{ op: 'replace', path: '/metadata/resourceVersion', value: '1' }];
    assert.equal((await caller.patch(WEB, 'json', replaceVersion)).status, 409);
    assert.equal((await caller.patch(WEB, 'merge', { metadata: { uid: 'another' } })).status, 422);
    const fresh = { resourceVersion: body.metadata['resourceVersion'], annotations: { touched: 'yes' } };
    assert.equal((await caller.patch(WEB, 'merge', { metadata: fresh })).status, 200);
  });

  it('answers a failed JSON patch test with 422 and changes nothing', async () => {
    const before = await caller.call('GET', WEB);
    const failed = await caller.patch(WEB, 'json', [
      { op: 'replace', path: '/spec/replicas', value: 5 },
      { op: 'test', path: '/metadata/name', value: 'another' },
    ]);
    assertPart(failed.body, { code: 422, reason: 'Invalid' });
    assert.deepEqual((await caller.call('GET', WEB)).body, before.body);
  });

  it('answers a patch of an unknown kind with 415', async () => {
    const answer = await caller.call('PATCH', WEB, {}, { 'content-type': 'application/apply-patch+yaml' });
    assertPart(answer.body, { code: 415, reason: 'UnsupportedMediaType' });
  });

  it('counts a generation for a changed spec, none for annotations or status', async () => {
    const generation = async (): Promise<unknown> => (await caller.call('GET', WEB)).body.metadata['generation'];
    assert.equal(await generation(), 1);
    await caller.patch(WEB, 'merge', { metadata: { annotations: { a: 'b' } } });
    await caller.patch(`${WEB}/status`, 'merge', { status: { collisionCount: 1 } });
    assert.equal(await generation(), 1);
    await caller.patch(WEB, 'strategic-merge', { spec: { minReadySeconds: 1 } });
    assert.equal(await generation(), 2);
  });

  it('leaves the status alone when the main resource is written', async () => {
    const answer = await caller.patch(WEB, 'merge', { status: { replicas: 77 } });
    assert.equal(answer.status, 200);
    assert.equal((answer.body['status'] as { replicas: number }).replicas, 1);
  });

  it('shows what a dry run would do and stores nothing', async () => {
    const before = await caller.call('GET', WEB);
    const patch = { spec: { replicas: 4 } };
    const would = await caller.call('PATCH', `${WEB}?dryRun=All`, patch, {
      'content-type': 'application/merge-patch+json',
    });
    assert.equal((would.body['spec'] as { replicas: number }).replicas, 4);
    assert.equal(would.body.metadata['generation'], 2);
    assert.equal((await caller.call('POST', `${MAPS}?dryRun=All`, configMap('ghost'))).status, 201);
    assert.equal((await caller.call('GET', `${MAPS}/ghost`)).status, 404);
    assert.equal((await caller.call('DELETE', `${WEB}?dryRun=All`)).status, 200);
    assert.deepEqual((await caller.call('GET', WEB)).body, before.body);
    assert.equal((await caller.call('DELETE', `${WEB}?dryRun=Some`)).status, 422);
  });

  it('does not count a write that changes nothing', async () => {
    const before = await caller.call('GET', WEB);
    const same = await caller.patch(WEB, 'merge', { spec: { replicas: 1 } });
    assert.equal(same.body.metadata['resourceVersion'], before.body.metadata['resourceVersion']);
  });

  it('records the field manager of a write', async () => {
    await caller.call(
      'PATCH',
      `${WEB}?fieldManager=dogwatch`,
      { spec: { replicas: 2 } },
      { 'content-type': 'application/merge-patch+json' },
    );
    const { body } = await caller.call('GET', WEB);
    const managers = (body.metadata['managedFields'] as { manager: string }[]).map(({ manager }) => manager);
    assert.ok(managers.includes('dogwatch'));
  });

  it('deletes only what the preconditions mean', async () => {
    const { body } = await create(configMap('doomed'));
    const remove = (preconditions: object): Promise<Answer> =>
      caller.call('DELETE', `${MAPS}/doomed`, { preconditions });
    assertPart((await remove({ uid: 'another' })).body, { code: 409, reason: 'Conflict' });
    assertPart((await remove({ resourceVersion: '1' })).body, { code: 409, reason: 'Conflict' });
    assert.equal((await remove({ uid: body.metadata['uid'] })).body['status'], 'Success');
    assert.equal((await caller.call('GET', `${MAPS}/doomed`)).status, 404);
  });

  it('scales through the scale subresource', async () => {
    const scale = await caller.call('GET', `${WEB}/scale`);
    assert.equal(scale.body['kind'], 'Scale');
    assert.equal((await caller.patch(`${WEB}/scale`, 'merge', { spec: { replicas: 3 } })).status, 200);
    assert.equal(((await caller.call('GET', WEB)).body['spec'] as { replicas: number }).replicas, 3);
    assert.equal((await caller.patch(`${WEB}/scale`, 'merge', { spec: { replicas: -1 } })).status, 422);
  });

  it('evaluates access reviews and refuses what was denied with 403', async () => {
    const { cluster, caller: restricted } = await fixture.start();
    cluster.deny([
      { verb: 'list', resource: 'nodes' },
      { verb: 'watch', resource: 'nodes' },
    ]);
    const refused = await restricted.call('GET', '/api/v1/nodes');
    assertPart(refused.body, { code: 403, reason: 'Forbidden' });
    assert.match(
      String(refused.body['message']),
      /^nodes is forbidden: User ".+" cannot list resource "nodes" in API group "" at the cluster scope$/,
    );
    assert.equal((await restricted.call('GET', '/api/v1/nodes?watch=1')).status, 403);
    assert.equal((await restricted.call('GET', '/api/v1/nodes/node-1')).status, 200);
    const review = async (resource: string): Promise<unknown> => {
      const body = { spec: { resourceAttributes: { verb: 'list', resource } } };
      const answer = await restricted.call('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body);
      return (answer.body['status'] as { allowed: boolean }).allowed;
    };
    assert.deepEqual([await review('nodes'), await review('pods')], [false, true]);
    cluster.deny([]);
    assert.equal((await restricted.call('GET', '/api/v1/nodes')).status, 200);
  });

  it('serves discovery, version and health', async () => {
    for (const path of ['/api', '/apis', '/api/v1', '/apis/apps/v1', '/apis/apps', '/version', '/readyz', '/healthz']) {
      assert.equal((await caller.call('GET', path)).status, 200, path);
    }
    const apps = await caller.call('GET', '/apis/apps/v1');
    const names = (apps.body['resources'] as { name: string }[]).map(({ name }) => name);
    for (const name of ['deployments', 'deployments/scale', 'replicasets']) assert.ok(names.includes(name), name);
  });
});
