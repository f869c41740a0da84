import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { KubeConfig } from '@kubernetes/client-node';
import { SystemClock, type ClusterChange, type JsonObject, type PodObject } from '@dogwatch/core';
import { apiPath, ClusterClient, WatchedCluster } from '@dogwatch/kubernetes';
import { needsRealCluster, RecordingLogger, RecordingMetrics } from '@dogwatch/testkit';
import { ApiProxy } from '../api-proxy.js';

const clock = new SystemClock();
const busybox = { image: 'busybox:1.36', imagePullPolicy: 'IfNotPresent' };

interface Created {
  readonly metadata: { readonly name: string; readonly uid: string };
}

describe('WatchedCluster on a real cluster', function () {
  this.timeout(120_000);
  needsRealCluster(process, (kubeconfig) => {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromFile(kubeconfig);
    const suffix = randomInt(1_000_000);
    const namespace = `dogwatch-view-${suffix}`;
    const admin = new ClusterClient('real', kubeConfig, clock);
    const opened: WatchedCluster[] = [];

    before(() => post('/api/v1/namespaces', { metadata: { name: namespace } }));
    after(() => remove(apiPath({ kind: 'Namespace', name: namespace })));
    afterEach(async () => {
      for (const cluster of opened.splice(0)) await cluster.stop();
    });

    function post<T = Created>(path: string, body: JsonObject): Promise<T> {
      return admin.json<T>({ action: `create in ${path}`, method: 'POST', path, body });
    }
    async function remove(path: string): Promise<void> {
      await admin.json({ action: `delete ${path}`, method: 'DELETE', path, query: { gracePeriodSeconds: 0 } });
    }
    function watch(config: KubeConfig): WatchedCluster {
      const client = new ClusterClient('real', config, clock);
      const cluster = new WatchedCluster({
        client,
        clock,
        logger: new RecordingLogger(),
        metrics: new RecordingMetrics(),
      });
      opened.push(cluster);
      cluster.start();
      return cluster;
    }
    const isLive = (cluster: WatchedCluster): boolean =>
      cluster.view.watchStates().every((one) => one.state === 'live' || one.state === 'forbidden');
    const pods = (cluster: WatchedCluster): PodObject[] => [...cluster.view.list('Pod', { namespace })];

    it('shows a crashing Deployment with its pods, their end and the warnings about them', async () => {
      const cluster = watch(kubeConfig);
      await until(() => isLive(cluster), 'live');
      const labels = { app: 'crash' };
      const container = { ...busybox, name: 'app', command: ['sh', '-c', 'exit 7'] };
      await post(apiPath({ kind: 'Deployment', namespace }), {
        metadata: { name: 'crash' },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [container] } },
        },
      });
      await until(() => pods(cluster)[0]?.containers[0]?.waiting?.reason === 'CrashLoopBackOff', 'CrashLoopBackOff');
      const [pod] = pods(cluster);
      assert.ok(pod);
      assert.equal(pod.containers[0]?.lastTerminated?.exitCode, 7);
      assert.equal(pod.containers[0].image, 'busybox:1.36');
      const deployment = cluster.view.get('Deployment', namespace, 'crash');
      assert.ok(deployment);
      assert.deepEqual({ ...cluster.view.ownerOf(pod) }, { kind: 'Deployment', name: 'crash', uid: deployment.uid });
      assert.deepEqual([...cluster.view.podsOf(deployment.uid)], [pod]);
      const [replicaSet] = cluster.view.controlledBy('ReplicaSet', deployment.uid);
      assert.match(replicaSet?.templateDigest ?? '', /^[0-9a-f]{64}$/);
      assert.equal(replicaSet?.revision, 1);
      await until(
        () => cluster.view.eventsOf(pod.uid).some((event) => event.reason === 'BackOff'),
        'the BackOff event',
      );
      await remove(apiPath({ kind: 'Deployment', namespace, name: 'crash' }));
      await until(() => pods(cluster).length === 0, 'the end of its pods');
    });

    it('tells a pod that was deleted and created again as two, also when it could not watch meanwhile', async () => {
      const proxy = await ApiProxy.start(kubeConfig);
      try {
        const cluster = watch(proxy.kubeConfig);
        await until(() => isLive(cluster), 'live');
        const told: string[] = [];
        cluster.view.onChange((change: ClusterChange) => {
          if (change.type === 'watch-state' || change.type === 'updated') return;
          const object = change.type === 'added' ? change.after : change.before;
          if (object.kind === 'Pod' && object.namespace === namespace) told.push(`${change.type} ${object.uid}`);
        });
        const container = { ...busybox, name: 'app', command: ['sleep', '3600'] };
        const body = {
          metadata: { name: 'twice' },
          spec: { terminationGracePeriodSeconds: 0, containers: [container] },
        };
        const path = apiPath({ kind: 'Pod', namespace });
        const first = await post(path, body);
        await until(() => told.length === 1, 'the first pod');
        let isOld = true;
        // What a client meets that was cut off for too long: its version is no longer known.
        proxy.rewrite = (url) => {
          if (isOld && url.searchParams.has('watch')) url.searchParams.set('resourceVersion', '1');
        };
        proxy.cut();
        await until(() => !cluster.view.isComplete('Pod'), 'a broken watch');
        await remove(`${path}/twice`);
        await untilGone(`${path}/twice`);
        const second = await post(path, body);
        await until(() => told.length === 3, 'both changes');
        isOld = false;
        assert.deepEqual(told, [
          `added ${first.metadata.uid}`,
          `deleted ${first.metadata.uid}`,
          `added ${second.metadata.uid}`,
        ]);
        await until(() => isLive(cluster), 'live again');
        assert.ok(
          proxy.urls.filter((url) => url.pathname === '/api/v1/pods' && !url.searchParams.has('watch')).length > 1,
        );
        await remove(`${path}/twice`);
      } finally {
        await proxy.stop();
      }
    });

    it('knows the CronJob of a pod before it shows the pod', async () => {
      const cluster = watch(kubeConfig);
      await until(() => isLive(cluster), 'live');
      const container = { ...busybox, name: 'app', command: ['true'] };
      const template = { spec: { restartPolicy: 'Never', containers: [container] } };
      const cronJob = await post(apiPath({ kind: 'CronJob', namespace }), {
        metadata: { name: 'nightly' },
        spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template } } },
      });
      const owners: (string | null)[] = [];
      cluster.view.onChange((change) => {
        if (change.type !== 'added' || change.after.kind !== 'Pod' || change.after.namespace !== namespace) return;
        owners.push(cluster.view.ownerOf(change.after).uid);
      });
      const { name, uid } = cronJob.metadata;
      const reference = { apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true };
      await post(apiPath({ kind: 'Job', namespace }), {
        metadata: { name: 'nightly-1', ownerReferences: [reference] },
        spec: { template },
      });
      await until(() => owners.length > 0, "the Job's pod");
      assert.deepEqual(owners, [uid]);
    });

    it('works without the right to see nodes, and says which right is missing', async () => {
      const account = `dogwatch-view-${suffix}`;
      const rbac = '/apis/rbac.authorization.k8s.io/v1';
      await post(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: account } });
      const verbs = ['get', 'list', 'watch'];
      await post(`${rbac}/clusterroles`, {
        metadata: { name: account },
        rules: [
          { apiGroups: [''], resources: ['pods', 'events'], verbs },
          { apiGroups: ['apps'], resources: ['deployments', 'replicasets'], verbs },
        ],
      });
      await post(`${rbac}/clusterrolebindings`, {
        metadata: { name: account },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: account },
        subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
      });
      try {
        const { status } = await post<{ status: { token: string } }>(
          `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
          { spec: {} },
        );
        const restricted = new KubeConfig();
        const server = kubeConfig.getCurrentCluster();
        assert.ok(server);
        restricted.loadFromClusterAndUser(server, { name: account, token: status.token });
        const cluster = watch(restricted);
        await until(() => isLive(cluster), 'live');
        const health = cluster.health();
        assert.equal(health.status, 'degraded');
        const who = `system:serviceaccount:${namespace}:${account}`;
        assert.match(health.message, new RegExp(`nodes: list is forbidden: give '${who}' the rights 'list nodes'`));
        assert.deepEqual(
          cluster.view.kinds.filter((kind) => !cluster.view.isComplete(kind)),
          ['Node'],
        );
      } finally {
        await remove(`${rbac}/clusterrolebindings/${account}`);
        await remove(`${rbac}/clusterroles/${account}`);
      }
    });

    async function untilGone(path: string): Promise<void> {
      for (;;) {
        const isThere = await admin.json({ action: 'look', path }).then(
          () => true,
          () => false,
        );
        if (!isThere) return;
        await clock.sleep(100);
      }
    }
  });
});

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 1000 && !holds(); turn++) await clock.sleep(50);
  assert.ok(holds(), `never came: ${what}`);
}
