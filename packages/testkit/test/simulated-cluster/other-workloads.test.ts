import assert from 'node:assert/strict';
import type { KubeManifest, KubeObject, SimulatedCluster, SimulatedPod } from '@dogwatch/testkit';
import { ClusterFixture } from './cluster-fixture.js';

interface Workload extends KubeObject {
  status: Record<string, unknown> & { conditions?: { type: string; status: string; reason?: string }[] };
}

function workload(apiVersion: string, kind: string, options: { script?: string; spec?: object } = {}): KubeManifest {
  const { script, spec } = options;
  const command = script === undefined ? {} : { command: ['sh', '-c', script] };
  const labels = { app: 'thing' };
  const selector = kind === 'Job' ? {} : { selector: { matchLabels: labels } };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'thing:1', ...command }] } };
  return { apiVersion, kind, metadata: { namespace: 'shop', name: 'thing' }, spec: { ...selector, template, ...spec } };
}

describe('SimulatedCluster, other workloads', () => {
  const fixture = new ClusterFixture();
  let cluster: SimulatedCluster;
  const pods = (): SimulatedPod[] =>
    cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop' }) as SimulatedPod[];
  const until = (
    apiVersion: string,
    kind: string,
    isWanted: (status: Workload['status']) => boolean,
  ): Promise<Workload> =>
    cluster.waitFor<Workload>(
      { apiVersion, kind, namespace: 'shop', name: 'thing' },
      (found) => found !== undefined && isWanted(found.status),
    );

  beforeEach(async () => {
    ({ cluster } = await fixture.start());
  });
  afterEach(() => fixture.closeAll());

  it('starts the pods of a StatefulSet one after the other, under stable names', async () => {
    cluster.apply(workload('apps/v1', 'StatefulSet', { spec: { replicas: 3 } }));
    const order: string[] = [];
    cluster.simulation.store.onChange(({ type, object }) => {
      if (object.kind === 'Pod' && type === 'ADDED') order.push(`${object.metadata.name} after ${pods().length - 1}`);
    });
    await until('apps/v1', 'StatefulSet', ({ readyReplicas }) => readyReplicas === 3);
    assert.deepEqual(order, ['thing-0 after 0', 'thing-1 after 1', 'thing-2 after 2']);
    cluster.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'thing-1' });
    await until('apps/v1', 'StatefulSet', ({ readyReplicas }) => readyReplicas === 2);
    await until('apps/v1', 'StatefulSet', ({ readyReplicas }) => readyReplicas === 3);
    assert.deepEqual(
      pods().map(({ metadata }) => metadata.name),
      ['thing-0', 'thing-1', 'thing-2'],
    );
  });

  it('updates a StatefulSet and scales it down from the highest ordinal', async () => {
    cluster.apply(workload('apps/v1', 'StatefulSet', { spec: { replicas: 2 } }));
    await until('apps/v1', 'StatefulSet', ({ readyReplicas }) => readyReplicas === 2);
    const gone: string[] = [];
    cluster.simulation.store.onChange(({ type, object }) => {
      if (object.kind === 'Pod' && type === 'DELETED') gone.push(object.metadata.name);
    });
    cluster.apply(workload('apps/v1', 'StatefulSet', { spec: { replicas: 2 }, script: 'sleep infinity' }));
    await until(
      'apps/v1',
      'StatefulSet',
      ({ updatedReplicas, readyReplicas }) => updatedReplicas === 2 && readyReplicas === 2 && gone.length === 2,
    );
    assert.deepEqual(gone, ['thing-1', 'thing-0']);
    cluster.apply(workload('apps/v1', 'StatefulSet', { spec: { replicas: 1 }, script: 'sleep infinity' }));
    await until('apps/v1', 'StatefulSet', ({ replicas }) => replicas === 1);
    const kept = pods().filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    assert.deepEqual(
      kept.map(({ metadata }) => metadata.name),
      ['thing-0'],
    );
  });

  it('runs one pod of a DaemonSet on each node and updates them all', async () => {
    cluster.apply(workload('apps/v1', 'DaemonSet'));
    await until('apps/v1', 'DaemonSet', ({ numberReady }) => numberReady === 2);
    assert.deepEqual(
      pods()
        .map(({ spec }) => spec.nodeName)
        .sort(),
      ['node-1', 'node-2'],
    );
    const before = new Set(pods().map(({ metadata }) => metadata.uid));
    cluster.apply(workload('apps/v1', 'DaemonSet', { script: 'sleep infinity' }));
    const isUpdated = (status: Workload['status']): boolean =>
      status['observedGeneration'] === 2 && status['numberReady'] === 2 && status['updatedNumberScheduled'] === 2;
    await until('apps/v1', 'DaemonSet', isUpdated);
    assert.ok(pods().every(({ metadata }) => !before.has(metadata.uid)));
  });

  it('completes a Job as often as it asks for', async () => {
    cluster.apply(
      workload('batch/v1', 'Job', {
        script: 'echo working; sleep 3; exit 0',
        spec: { completions: 3, parallelism: 2 },
      }),
    );
    const job = await until(
      'batch/v1',
      'Job',
      ({ conditions }) => conditions?.some(({ type }) => type === 'Complete') ?? false,
    );
    assert.equal(job.status['succeeded'], 3);
    assert.equal(job.status['active'], undefined);
    assert.deepEqual(
      pods().map(({ status }) => status.phase),
      ['Succeeded', 'Succeeded', 'Succeeded'],
    );
    assert.ok(pods().every(({ status }) => status.containerStatuses?.[0]?.state.terminated?.reason === 'Completed'));
  });

  it('fails a Job after its back-off limit', async () => {
    cluster.apply(workload('batch/v1', 'Job', { script: 'exit 2', spec: { backoffLimit: 1 } }));
    const job = await until(
      'batch/v1',
      'Job',
      ({ conditions }) => conditions?.some(({ type }) => type === 'Failed') ?? false,
    );
    assert.equal(job.status.conditions?.[0]?.reason, 'BackoffLimitExceeded');
    assert.equal(job.status['failed'], 2);
    assert.ok(pods().every(({ status }) => status.phase === 'Failed'));
  });

  it('empties a namespace that is deleted and takes nothing new meanwhile', async () => {
    cluster.apply(workload('apps/v1', 'StatefulSet', { spec: { replicas: 2 } }));
    await until('apps/v1', 'StatefulSet', ({ readyReplicas }) => readyReplicas === 2);
    cluster.delete({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' });
    assert.throws(
      () => cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'late' } }),
      /being terminated/,
    );
    await cluster.waitFor({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }, (found) => found === undefined);
    assert.deepEqual(pods(), []);
  });
});
