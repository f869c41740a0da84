import assert from 'node:assert/strict';
import {
  AppsV1Api,
  CoreV1Api,
  AuthorizationV1Api,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  VersionApi,
  Watch,
  type V1Deployment,
  type V1Pod,
} from '@kubernetes/client-node';
import { SimulatedCluster, type SimulatedDeployment } from '@dogwatch/testkit';

const WEB = { namespace: 'shop', name: 'web' };

function deployment(script?: string): V1Deployment {
  const command = script === undefined ? {} : { command: ['sh', '-c', script] };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...WEB },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'main', image: 'web:1', ...command }] },
      },
    },
  };
}

describe('the unmodified Kubernetes client on a SimulatedCluster', () => {
  let cluster: SimulatedCluster;
  let config: KubeConfig;
  let apps: AppsV1Api;
  let core: CoreV1Api;
  const available = (): Promise<SimulatedDeployment> =>
    cluster.waitFor<SimulatedDeployment>(
      { apiVersion: 'apps/v1', kind: 'Deployment', ...WEB },
      (web) => web?.status.observedGeneration === web?.metadata.generation && web?.status.availableReplicas === 1,
    );

  beforeEach(async () => {
    cluster = await SimulatedCluster.start({ speed: 200, bookmarkIntervalMs: 20 });
    config = new KubeConfig();
    config.loadFromString(cluster.kubeconfigText());
    apps = config.makeApiClient(AppsV1Api);
    core = config.makeApiClient(CoreV1Api);
    cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  });
  afterEach(() => cluster.close());

  it('creates, reads, lists and deletes', async () => {
    await apps.createNamespacedDeployment({ namespace: 'shop', body: deployment() });
    await available();
    const read = await apps.readNamespacedDeployment(WEB);
    assert.equal(read.status?.availableReplicas, 1);
    const listed = await core.listPodForAllNamespaces({ labelSelector: 'app=web', limit: 10 });
    assert.equal(listed.items[0]?.status?.phase, 'Running');
    assert.ok(listed.items[0]?.status?.startTime instanceof Date);
    await apps.deleteNamespacedDeployment({ ...WEB, body: { preconditions: { uid: read.metadata?.uid ?? '' } } });
    await assert.rejects(apps.readNamespacedDeployment(WEB), { code: 404 });
  });

  it('patches with each strategy and dry-runs', async () => {
    await apps.createNamespacedDeployment({ namespace: 'shop', body: deployment() });
    const patch = (body: object, strategy: PatchStrategy, dryRun?: string): Promise<V1Deployment> =>
      apps.patchNamespacedDeployment(
        { ...WEB, body, fieldManager: 'dogwatch', ...(dryRun === undefined ? {} : { dryRun }) },
        setHeaderOptions('Content-Type', strategy),
      );
    assert.equal((await patch({ spec: { replicas: 3 } }, PatchStrategy.MergePatch, 'All')).spec?.replicas, 3);
    assert.equal((await apps.readNamespacedDeployment(WEB)).spec?.replicas, 1);
    assert.equal((await patch({ spec: { paused: true } }, PatchStrategy.StrategicMergePatch)).spec?.paused, true);
    const replaced = await patch([{ op: 'replace', path: '/spec/replicas', value: 2 }], PatchStrategy.JsonPatch);
    assert.equal(replaced.spec?.replicas, 2);
    const stale = { metadata: { resourceVersion: '1' }, spec: { replicas: 9 } };
    await assert.rejects(patch(stale, PatchStrategy.MergePatch), { code: 409 });
    const failing = [{ op: 'test', path: '/spec/replicas', value: 77 }];
    await assert.rejects(patch(failing, PatchStrategy.JsonPatch), { code: 422 });
    const writes = cluster.requests.filter(({ method, dryRun }) => method === 'PATCH' && !dryRun);
    assert.deepEqual(
      writes.map(({ status }) => status),
      [200, 200, 409, 422],
    );
  });

  it('watches from the version of a list without losing a change, bookmarks included', async () => {
    const list = await core.listPodForAllNamespaces();
    const seen: string[] = [];
    const controller = await new Promise<AbortController>((resolve, reject) => {
      const path = '/api/v1/pods';
      const query = { resourceVersion: list.metadata?.resourceVersion, allowWatchBookmarks: true };
      const onEvent = (type: string, pod: V1Pod): void => {
        seen.push(type);
        if (type === 'BOOKMARK' && Number(pod.metadata?.resourceVersion) > 0 && seen.includes('DELETED'))
          resolve(aborter);
        if (type === 'MODIFIED' && pod.status?.phase === 'Running' && !pod.metadata?.deletionTimestamp) {
          cluster.delete({ apiVersion: 'apps/v1', kind: 'Deployment', ...WEB });
        }
      };
      let aborter: AbortController;
      new Watch(config)
        .watch(path, query, onEvent, (error: unknown) => reject(error as Error))
        .then((opened) => {
          aborter = opened;
          cluster.apply(deployment() as never);
        }, reject);
    });
    controller.abort();
    assert.equal(seen.filter((type) => type === 'ADDED').length, 1);
    assert.equal(seen.at(-1), 'BOOKMARK');
  });

  it('reads logs and learns of a crash loop', async () => {
    cluster.apply(deployment('echo hello; sleep 2; exit 1') as never);
    const crashing = async (): Promise<V1Pod> => {
      const { items } = await core.listNamespacedPod({ namespace: 'shop' });
      const found = items.find(
        (pod) => pod.status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CrashLoopBackOff',
      );
      return found ?? crashing();
    };
    const pod = await crashing();
    const name = pod.metadata?.name ?? '';
    const log = await core.readNamespacedPodLog({
      namespace: 'shop',
      name,
      container: 'main',
      previous: true,
      tailLines: 5,
    });
    assert.equal(log, 'hello\n');
    const { items } = await core.listNamespacedEvent({
      namespace: 'shop',
      fieldSelector: `involvedObject.name=${name},reason=BackOff`,
    });
    assert.equal(items.length, 1);
  });

  it('is told about versions, denied rights and a missing token', async () => {
    assert.match((await config.makeApiClient(VersionApi).getCode()).gitVersion, /^v1\./);
    cluster.deny([{ verb: 'list', resource: 'nodes' }]);
    await assert.rejects(core.listNode(), { code: 403 });
    const review = await config.makeApiClient(AuthorizationV1Api).createSelfSubjectAccessReview({
      body: { spec: { resourceAttributes: { verb: 'list', resource: 'nodes' } } },
    });
    assert.equal(review.status?.allowed, false);
    const stranger = new KubeConfig();
    const kubeconfig = { ...cluster.kubeconfig(), users: [{ name: 'simulated', user: { token: 'wrong' } }] };
    stranger.loadFromString(JSON.stringify(kubeconfig));
    await assert.rejects(stranger.makeApiClient(CoreV1Api).listNode(), { code: 401 });
  });
});
