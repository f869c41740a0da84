import assert from 'node:assert/strict';
import type { SimulatedCluster, SimulatedDeployment, SimulatedPod, SimulatedReplicaSet } from '@dogwatch/testkit';
import { ClusterFixture, deploymentManifest, deploymentNamed, type Caller } from './cluster-fixture.js';

const REVISION = 'deployment.kubernetes.io/revision';

function isRolledOut(deployment: SimulatedDeployment | undefined, replicas: number): boolean {
  const { status, metadata } = deployment ?? {};
  const counts = [status?.updatedReplicas, status?.replicas, status?.availableReplicas];
  return status?.observedGeneration === metadata?.generation && counts.every((count) => (count ?? 0) === replicas);
}

describe('SimulatedCluster, workloads', () => {
  const fixture = new ClusterFixture();
  let cluster: SimulatedCluster;
  let caller: Caller;
  const rolledOut = (name: string, replicas: number): Promise<SimulatedDeployment> =>
    cluster.waitFor<SimulatedDeployment>(deploymentNamed(name), (found) => isRolledOut(found, replicas));
  const sets = (): SimulatedReplicaSet[] =>
    cluster.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: 'shop' }) as SimulatedReplicaSet[];
  const pods = (): SimulatedPod[] =>
    cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop' }) as SimulatedPod[];
  const events = (reason: string): Record<string, unknown>[] =>
    cluster.list({ apiVersion: 'v1', kind: 'Event' }).filter((event) => event['reason'] === reason);
  const patch = (name: string, body: unknown): Promise<unknown> =>
    caller.patch(`/apis/apps/v1/namespaces/shop/deployments/${name}`, 'strategic-merge', body);
  const runScript = (name: string, script: string): Promise<unknown> =>
    patch(name, { spec: { template: { spec: { containers: [{ name: 'main', command: ['sh', '-c', script] }] } } } });
  const podWith = async (isWanted: (pod: SimulatedPod) => boolean): Promise<SimulatedPod> => {
    const found = pods().find(isWanted);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
    return podWith(isWanted);
  };
  const waitingReason = (pod: SimulatedPod): string | undefined =>
    pod.status.containerStatuses?.[0]?.state.waiting?.reason;

  beforeEach(async () => {
    ({ cluster, caller } = await fixture.start());
  });
  afterEach(() => fixture.closeAll());

  it('runs a Deployment as one ReplicaSet whose pods become Ready on the nodes', async () => {
    cluster.apply(deploymentManifest('web', { replicas: 3 }));
    const web = await rolledOut('web', 3);
    assert.equal(web.metadata.annotations?.[REVISION], '1');
    const conditions = web.status.conditions?.map(({ type, status }) => `${type}=${status}`).sort();
    assert.deepEqual(conditions, ['Available=True', 'Progressing=True']);
    const [set] = sets();
    assert.equal(sets().length, 1);
    assert.equal(set?.metadata.ownerReferences?.[0]?.uid, web.metadata.uid);
    assert.equal(set?.metadata.annotations?.[REVISION], '1');
    const hash = set?.metadata.labels?.['pod-template-hash'];
    for (const pod of pods()) {
      assert.equal(pod.metadata.labels?.['pod-template-hash'], hash);
      assert.equal(pod.metadata.ownerReferences?.[0]?.uid, set?.metadata.uid);
      assert.equal(pod.status.phase, 'Running');
      assert.ok(pod.status.podIP);
    }
    assert.deepEqual([...new Set(pods().map(({ spec }) => spec.nodeName))].sort(), ['node-1', 'node-2']);
  });

  it('replaces a deleted pod and removes everything with the Deployment', async () => {
    cluster.apply(deploymentManifest('web', { replicas: 2 }));
    await rolledOut('web', 2);
    const [first] = pods();
    const name = first?.metadata.name ?? '';
    const answer = await caller.call('DELETE', `/api/v1/namespaces/shop/pods/${name}`);
    assert.ok(answer.body.metadata['deletionTimestamp']);
    await cluster.waitFor({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name }, (pod) => pod === undefined);
    await rolledOut('web', 2);
    assert.equal(events('Killing').length, 1);
    cluster.delete(deploymentNamed('web'));
    const last = pods().at(-1)?.metadata.name ?? '';
    await cluster.waitFor({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: last }, (pod) => pod === undefined);
    assert.deepEqual(sets(), []);
  });

  it('keeps the pods of a Deployment that is deleted with the policy Orphan', async () => {
    cluster.apply(deploymentManifest('web'));
    await rolledOut('web', 1);
    await caller.call('DELETE', '/apis/apps/v1/namespaces/shop/deployments/web?propagationPolicy=Orphan');
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(sets().length, 1);
    assert.equal(pods().length, 1);
  });

  it('makes exactly one new ReplicaSet for a rollout restart and keeps the old one empty', async () => {
    cluster.apply(deploymentManifest('web', { replicas: 2 }));
    await rolledOut('web', 2);
    const before = new Set(pods().map(({ metadata }) => metadata.uid));
    const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' };
    await patch('web', { spec: { template: { metadata: { annotations } } } });
    const web = await rolledOut('web', 2);
    assert.equal(web.metadata.annotations?.[REVISION], '2');
    assert.deepEqual(
      sets()
        .map(({ spec }) => spec.replicas)
        .sort(),
      [0, 2],
    );
    assert.ok(
      pods()
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .every(({ metadata }) => !before.has(metadata.uid)),
    );
  });

  it('never has fewer available pods than the strategy allows during a rollout', async () => {
    cluster.apply(deploymentManifest('web', { replicas: 4 }));
    await rolledOut('web', 4);
    const seen: { available: number; total: number }[] = [];
    const stop = cluster.simulation.store.onChange(({ object }) => {
      if (object.kind !== 'Pod') return;
      const active = pods().filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      const ready = active.filter(({ status }) =>
        status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
      );
      seen.push({ available: ready.length, total: active.length });
    });
    await runScript('web', 'while true; do sleep 1; done');
    await rolledOut('web', 4);
    stop();
    assert.ok(Math.min(...seen.map(({ available }) => available)) >= 3);
    assert.ok(Math.max(...seen.map(({ total }) => total)) <= 5);
  });

  it('takes all old pods down first with the strategy Recreate', async () => {
    const manifest = deploymentManifest('web', { replicas: 2 });
    (manifest['spec'] as Record<string, unknown>)['strategy'] = { type: 'Recreate' };
    cluster.apply(manifest);
    await rolledOut('web', 2);
    const hashes: number[] = [];
    const stop = cluster.simulation.store.onChange(() => {
      hashes.push(new Set(pods().map(({ metadata }) => metadata.labels?.['pod-template-hash'])).size);
    });
    await runScript('web', 'while true; do sleep 1; done');
    await rolledOut('web', 2);
    stop();
    assert.equal(Math.max(...hashes), 1);
  });

  it('stays available when a rollout crashes, and rolls back to the ReplicaSet that exists', async () => {
    cluster.apply(deploymentManifest('web', { replicas: 2 }));
    const good = await rolledOut('web', 2);
    await runScript('web', 'echo boom; exit 3');
    const crashing = await podWith((pod) => waitingReason(pod) === 'CrashLoopBackOff');
    const stuck = cluster.get(deploymentNamed('web')) as SimulatedDeployment;
    assert.equal(stuck.status.availableReplicas, 2);
    assert.equal(stuck.status.updatedReplicas, 1);
    await patch('web', { spec: { template: { spec: { containers: [{ name: 'main', command: null }] } } } });
    const back = await rolledOut('web', 2);
    assert.deepEqual(back.spec.template, good.spec.template);
    assert.equal(back.metadata.annotations?.[REVISION], '3');
    const revisions = sets().map((set) => [set.spec.replicas, set.metadata.annotations?.[REVISION]]);
    assert.deepEqual(revisions.sort(), [
      [0, '2'],
      [2, '3'],
    ]);
    await cluster.waitFor(
      { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: crashing.metadata.name },
      (pod) => pod === undefined,
    );
  });

  it('keeps no more old ReplicaSets than revisionHistoryLimit', async () => {
    const manifest = deploymentManifest('web');
    (manifest['spec'] as Record<string, unknown>)['revisionHistoryLimit'] = 2;
    cluster.apply(manifest);
    for (let round = 0; round < 5; round += 1) {
      await runScript('web', `while true; do sleep ${round + 1}; done`);
      await rolledOut('web', 1);
    }
    while (sets().length > 3) await new Promise((resolve) => setTimeout(resolve, 5));
    const revisions = sets().map((set) => Number(set.metadata.annotations?.[REVISION]));
    assert.equal(Math.min(...revisions), Math.max(...revisions) - 2);
  });

  it('says ProgressDeadlineExceeded when a rollout stands still', async () => {
    const manifest = deploymentManifest('web', { script: 'exit 1' });
    (manifest['spec'] as Record<string, unknown>)['progressDeadlineSeconds'] = 20;
    cluster.apply(manifest);
    const web = await cluster.waitFor<SimulatedDeployment>(
      deploymentNamed('web'),
      (found) =>
        found?.status.conditions?.some(({ type, status }) => type === 'Progressing' && status === 'False') ?? false,
    );
    const progressing = web.status.conditions?.find(({ type }) => type === 'Progressing');
    assert.equal(progressing?.reason, 'ProgressDeadlineExceeded');
  });

  it('loops a crashing container with the back-off, the events and the exit code of a kubelet', async () => {
    cluster.apply(deploymentManifest('web', { script: 'echo starting; sleep 2; exit 3' }));
    const pod = await podWith(
      (found) =>
        waitingReason(found) === 'CrashLoopBackOff' && (found.status.containerStatuses?.[0]?.restartCount ?? 0) >= 2,
    );
    const [status] = pod.status.containerStatuses ?? [];
    assert.equal(pod.status.phase, 'Running');
    assert.equal(status?.ready, false);
    assert.equal(status?.lastState.terminated?.exitCode, 3);
    assert.equal(status?.lastState.terminated?.reason, 'Error');
    assert.match(
      status?.state.waiting?.message ?? '',
      /^back-off \d+s restarting failed container=main pod=web-.+_shop\(.+\)$/,
    );
    const [backOff] = events('BackOff');
    assert.equal(backOff?.['type'], 'Warning');
    assert.ok(Number(backOff?.['count']) >= 2);
    const log = await caller.call('GET', `/api/v1/namespaces/shop/pods/${pod.metadata.name}/log?previous=true`);
    assert.equal(log.text, 'starting\n');
  });

  it('kills a container that eats all memory with OOMKilled and 137', async () => {
    cluster.apply(deploymentManifest('web', { script: 'tail /dev/zero' }));
    const pod = await podWith((found) => found.status.containerStatuses?.[0]?.lastState.terminated !== undefined);
    assert.equal(pod.status.containerStatuses?.[0]?.lastState.terminated?.reason, 'OOMKilled');
    assert.equal(pod.status.containerStatuses?.[0]?.lastState.terminated?.exitCode, 137);
  });

  it('cannot pull an image that is missing until the Deployment names another one', async () => {
    cluster.apply(deploymentManifest('web', { image: 'shop/missing:1' }));
    const pod = await podWith((found) => waitingReason(found) === 'ImagePullBackOff');
    assert.equal(pod.status.phase, 'Pending');
    const log = await caller.call('GET', `/api/v1/namespaces/shop/pods/${pod.metadata.name}/log`);
    assert.equal(log.status, 400);
    await patch('web', { spec: { template: { spec: { containers: [{ name: 'main', image: 'shop/web:1' }] } } } });
    await rolledOut('web', 1);
  });

  it('says why a pod cannot be placed, and places it when a node comes back', async () => {
    for (const node of ['node-1', 'node-2']) cluster.setNodeReady(node, false);
    cluster.apply(deploymentManifest('web'));
    const pod = await podWith((found) => (found.status.conditions ?? []).length > 0);
    const scheduled = pod.status.conditions?.find(({ type }) => type === 'PodScheduled');
    assert.equal(scheduled?.reason, 'Unschedulable');
    assert.match(scheduled?.message ?? '', /^0\/2 nodes are available: 2 node\(s\) had untolerated taint/);
    assert.equal(events('FailedScheduling').length, 1);
    cluster.setNodeReady('node-1', true);
    await rolledOut('web', 1);
  });

  it('turns the pods of a lost node unready and freezes them, and heals with the node', async () => {
    cluster.apply(deploymentManifest('web', { replicas: 2 }));
    await rolledOut('web', 2);
    cluster.setNodeReady('node-2', false);
    await cluster.waitFor<SimulatedDeployment>(
      deploymentNamed('web'),
      (found) => found?.status.availableReplicas === 1,
    );
    const node = cluster.get({ apiVersion: 'v1', kind: 'Node', name: 'node-2' });
    const ready = (node?.status as { conditions: { type: string; status: string }[] }).conditions.find(
      ({ type }) => type === 'Ready',
    );
    assert.equal(ready?.status, 'Unknown');
    cluster.setNodeReady('node-2', true);
    await rolledOut('web', 2);
  });

  it('reports ReplicaFailure while a quota refuses pods', async () => {
    cluster.apply({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { namespace: 'shop', name: 'small' },
      spec: { hard: { pods: '1' } },
    });
    cluster.apply(deploymentManifest('web', { replicas: 2 }));
    const web = await cluster.waitFor<SimulatedDeployment>(
      deploymentNamed('web'),
      (found) => found?.status.conditions?.some(({ type }) => type === 'ReplicaFailure') ?? false,
    );
    const failure = web.status.conditions?.find(({ type }) => type === 'ReplicaFailure');
    assert.match(failure?.message ?? '', /exceeded quota: small/);
    assert.equal(pods().length, 1);
    cluster.delete({ apiVersion: 'v1', kind: 'ResourceQuota', namespace: 'shop', name: 'small' });
    await rolledOut('web', 2);
  });

  it('heals a scripted crash loop by a rollout restart and by nothing less', async () => {
    cluster.apply(deploymentManifest('cart', { replicas: 2 }));
    await rolledOut('cart', 2);
    cluster.injectFault({ kind: 'crash-loop', namespace: 'shop', deployment: 'cart' });
    const pod = await podWith((found) => waitingReason(found) === 'CrashLoopBackOff');
    const log = await caller.call(
      'GET',
      `/api/v1/namespaces/shop/pods/${pod.metadata.name}/log?previous=true&tailLines=2`,
    );
    assert.match(log.text, /stale cache/);
    cluster.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.metadata.name });
    await podWith((found) => waitingReason(found) === 'CrashLoopBackOff' && found.metadata.uid !== pod.metadata.uid);
    await patch('cart', { metadata: { annotations: { touched: 'yes' } } });
    assert.equal((cluster.get(deploymentNamed('cart')) as SimulatedDeployment).status.availableReplicas, undefined);
    await patch('cart', {
      spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } },
    });
    await rolledOut('cart', 2);
  });

  it('breaks a Deployment with a bad rollout that a rollback heals', async () => {
    cluster.apply(deploymentManifest('web', { replicas: 2 }));
    const good = await rolledOut('web', 2);
    cluster.injectFault({ kind: 'bad-rollout', namespace: 'shop', deployment: 'web' });
    await podWith((found) => waitingReason(found) === 'CrashLoopBackOff');
    await caller.patch('/apis/apps/v1/namespaces/shop/deployments/web', 'json', [
      { op: 'replace', path: '/spec/template', value: good.spec.template },
    ]);
    await rolledOut('web', 2);
  });

  it('starts two thousand pods', async function () {
    this.timeout(60_000);
    cluster.apply(deploymentManifest('many', { replicas: 2000 }));
    await cluster.waitFor<SimulatedDeployment>(
      deploymentNamed('many'),
      (found) => found?.status.availableReplicas === 2000,
      50_000,
    );
    const { body } = await caller.call('GET', '/api/v1/pods');
    assert.equal(body.items.length, 2000);
  });
});
