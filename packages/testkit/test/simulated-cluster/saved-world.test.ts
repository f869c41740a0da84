import assert from 'node:assert/strict';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  SimulatedCluster,
  SimulatedClusterProcess,
  type SimulatedDeployment,
  type SimulatedPod,
} from '@dogwatch/testkit';
import { ClusterFixture, configMap, deploymentManifest, deploymentNamed } from './cluster-fixture.js';
import { TemporaryFolders } from './temporary-folder.js';

const MAPS = '/api/v1/namespaces/default/configmaps';

describe('SimulatedCluster, saved worlds', () => {
  const fixture = new ClusterFixture();
  const folders = new TemporaryFolders();
  const processes: SimulatedClusterProcess[] = [];
  const spawn = async (
    options: Parameters<typeof SimulatedClusterProcess.start>[0],
  ): Promise<SimulatedClusterProcess> => {
    const started = await SimulatedClusterProcess.start(options);
    processes.push(started);
    return started;
  };
  const post = (cluster: SimulatedClusterProcess, name: string): Promise<Response> =>
    fetch(`${cluster.url}${MAPS}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(configMap(name)),
    });

  afterEach(async () => {
    await fixture.closeAll();
    await Promise.all(processes.splice(0).map((started) => started.kill()));
    folders.removeAll();
  });

  it('goes on with the same objects, versions and token', async () => {
    const dataDir = folders.make();
    const first = await fixture.start({ dataDir });
    first.cluster.apply(configMap('kept', { a: '1' }));
    first.cluster.apply(deploymentManifest('web', { replicas: 2 }));
    const web = await first.cluster.waitFor<SimulatedDeployment>(
      deploymentNamed('web'),
      (found) => found?.status.availableReplicas === 2,
    );
    const pods = first.cluster.list({ apiVersion: 'v1', kind: 'Pod' });
    await first.cluster.close();
    const second = await fixture.start({ dataDir });
    assert.equal(second.cluster.token, first.cluster.token);
    assert.deepEqual(second.cluster.list({ apiVersion: 'v1', kind: 'Pod' }), pods);
    assert.deepEqual(second.cluster.get(deploymentNamed('web')), web);
    const { body } = await second.caller.call('GET', MAPS);
    assert.ok(Number(body.metadata['resourceVersion']) >= Number(web.metadata.resourceVersion));
    second.cluster.apply(deploymentManifest('web', { replicas: 3 }));
    await second.cluster.waitFor<SimulatedDeployment>(
      deploymentNamed('web'),
      (found) => found?.status.availableReplicas === 3,
    );
  });

  it('tells a watch from before the restart 410', async () => {
    const dataDir = folders.make();
    const first = await fixture.start({ dataDir });
    const { body } = await first.caller.call('GET', MAPS);
    first.cluster.apply(configMap('later'));
    await first.cluster.close();
    const { caller } = await fixture.start({ dataDir });
    const answer = await caller.call(
      'GET',
      `${MAPS}?watch=1&resourceVersion=${String(body.metadata['resourceVersion'])}`,
    );
    assert.equal((JSON.parse(answer.text) as { object: { code: number } }).object.code, 410);
  });

  it('keeps a crash loop crashing over a restart, and its fault healable', async () => {
    const dataDir = folders.make();
    const first = await fixture.start({ dataDir });
    first.cluster.apply(deploymentManifest('cart'));
    await first.cluster.waitFor<SimulatedDeployment>(
      deploymentNamed('cart'),
      (found) => found?.status.availableReplicas === 1,
    );
    first.cluster.injectFault({ kind: 'crash-loop', namespace: 'shop', deployment: 'cart' });
    await first.cluster.waitFor<SimulatedDeployment>(
      deploymentNamed('cart'),
      (found) => found?.status.availableReplicas === undefined,
    );
    await first.cluster.close();
    const { cluster, caller } = await fixture.start({ dataDir });
    const [pod] = cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop' });
    const name = pod?.metadata.name ?? '';
    const restarts = (found: SimulatedPod | undefined): number =>
      found?.status.containerStatuses?.[0]?.restartCount ?? 0;
    await cluster.waitFor<SimulatedPod>(
      { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name },
      (found) => restarts(found) >= 3,
    );
    const annotations = { 'kubectl.kubernetes.io/restartedAt': 'now' };
    await caller.patch('/apis/apps/v1/namespaces/shop/deployments/cart', 'merge', {
      spec: { template: { metadata: { annotations } } },
    });
    await cluster.waitFor<SimulatedDeployment>(
      deploymentNamed('cart'),
      (found) => found?.status.availableReplicas === 1,
    );
  });

  it('saves a file that only its owner can read, and nothing beside it', async () => {
    const dataDir = folders.make();
    const { cluster } = await fixture.start({ dataDir });
    cluster.apply(configMap('a'));
    await cluster.close();
    assert.deepEqual(readdirSync(dataDir), ['simulated-cluster.json']);
    assert.equal(statSync(join(dataDir, 'simulated-cluster.json')).mode & 0o777, 0o600);
  });

  it('refuses a saved world that it cannot read and says what to do', async () => {
    const dataDir = folders.make();
    writeFileSync(join(dataDir, 'simulated-cluster.json'), '{"half":');
    await assert.rejects(SimulatedCluster.start({ dataDir }), /Delete the file to start with a new world/);
  });

  it('has lost nothing that a durable cluster confirmed before it was killed', async () => {
    const dataDir = folders.make();
    const first = await spawn({ dataDir, isDurable: true });
    for (let index = 0; index < 10; index += 1) assert.equal((await post(first, `map-${index}`)).status, 201);
    await first.kill();
    const second = await spawn({ dataDir });
    const listed = await fetch(`${second.url}${MAPS}`, { headers: { authorization: `Bearer ${second.token}` } });
    const { items } = (await listed.json()) as { items: unknown[] };
    assert.equal(items.length, 10);
    assert.equal(second.token, first.token);
  });

  it('can be steered from another process', async () => {
    const cluster = await spawn({ speed: 200 });
    await cluster.apply(configMap('a'), deploymentManifest('web'));
    await cluster.clearRequests();
    assert.equal((await post(cluster, 'b')).status, 201);
    await cluster.refuse('503');
    assert.equal((await post(cluster, 'c')).status, 503);
    await cluster.resume();
    await cluster.deny([{ verb: 'create', resource: 'configmaps' }]);
    assert.equal((await post(cluster, 'd')).status, 403);
    await cluster.injectFault({ kind: 'node', name: 'node-1', isReady: false });
    await assert.rejects(
      cluster.injectFault({ kind: 'crash-loop', namespace: 'shop', deployment: 'nope' }),
      /There is no Deployment 'shop\/nope'/,
    );
    const seen = (await cluster.requests()).map(({ method, path, status }) => `${method} ${path} ${status}`);
    assert.deepEqual(seen, [`POST ${MAPS} 201`, `POST ${MAPS} 503`, `POST ${MAPS} 403`]);
  });

  it('gives nobody the controls without the token', async () => {
    const { cluster } = await fixture.start();
    const answer = await fetch(`${cluster.url}/_simulated/requests`);
    assert.equal(answer.status, 401);
  });
});

describe('SimulatedCluster, the request log', () => {
  const fixture = new ClusterFixture();
  afterEach(() => fixture.closeAll());

  it('remembers who asked for what, with which body and what was answered', async () => {
    const { cluster, caller } = await fixture.start();
    await caller.call('POST', `${MAPS}?dryRun=All`, configMap('a'), { 'user-agent': 'somebody/1.0' });
    await caller.call('GET', `${MAPS}/nope`);
    const [create, read] = cluster.requests;
    assert.equal(create?.userAgent, 'somebody/1.0');
    assert.equal(create?.dryRun, true);
    assert.equal(create?.status, 201);
    assert.deepEqual(create?.query, { dryRun: 'All' });
    assert.deepEqual(create?.body, configMap('a'));
    assert.equal(read?.status, 404);
    assert.equal(read?.dryRun, false);
  });
});
