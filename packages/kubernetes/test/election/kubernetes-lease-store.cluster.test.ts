import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { KubeConfig } from '@kubernetes/client-node';
import { LeaseLeadership, MemoryLeaseStore, SystemClock } from '@dogwatch/core';
import type { JsonObject } from '@dogwatch/core';
import { apiPath, ClusterClient, KubernetesLeaseStore } from '@dogwatch/kubernetes';
import { needsRealCluster, RecordingLogger } from '@dogwatch/testkit';

const clock = new SystemClock();
const name = 'watch/homelab';

describe('leases of a real cluster', function () {
  this.timeout(120_000);
  needsRealCluster(process, (kubeconfig) => {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromFile(kubeconfig);
    const namespace = `dogwatch-leases-${randomInt(1_000_000)}`;
    const admin = new ClusterClient('real', kubeConfig, clock);
    let restricted: KubeConfig;

    const post = <T = JsonObject>(path: string, body: JsonObject): Promise<T> =>
      admin.json<T>({ action: `create in ${path}`, method: 'POST', path, body });

    // The account has the rights that the README names, and no other.
    before(async () => {
      const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
      const account = 'dogwatch';
      await post('/api/v1/namespaces', { metadata: { name: namespace } });
      await post(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: account } });
      await post(`${rbac}/roles`, {
        metadata: { name: account },
        rules: [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] }],
      });
      await post(`${rbac}/rolebindings`, {
        metadata: { name: account },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account },
        subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
      });
      const { status } = await post<{ status: { token: string } }>(
        `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
        { spec: {} },
      );
      const server = kubeConfig.getCurrentCluster();
      assert.ok(server);
      restricted = new KubeConfig();
      restricted.loadFromClusterAndUser(server, { name: account, token: status.token });
    });
    after(() =>
      admin.json({
        action: 'clear away',
        method: 'DELETE',
        path: apiPath({ kind: 'Namespace', name: namespace }),
        query: { gracePeriodSeconds: 0 },
      }),
    );

    const open = (): KubernetesLeaseStore =>
      new KubernetesLeaseStore({ client: new ClusterClient('real', restricted, clock), namespace }, clock);

    it('are taken by one of many who ask at once, renewed, given back and taken again with a greater token', async () => {
      const stores = [open(), open()];
      const asking = Array.from({ length: 10 }, (_, n) =>
        (stores[n % 2] as KubernetesLeaseStore).acquire({ name, holder: `holder-${n}`, ttlMs: 60_000 }),
      );
      const [won, ...others] = (await Promise.all(asking)).filter((lease) => lease !== null);
      assert.ok(won !== undefined);
      assert.equal(others.length, 0);
      const [one, two] = stores as [KubernetesLeaseStore, KubernetesLeaseStore];
      assert.deepEqual(await two.find(name), won);
      assert.equal(await one.renew(won, 60_000), true);
      await one.release(won);
      assert.equal(await two.find(name), null);
      const next = await two.acquire({ name, holder: 'next', ttlMs: 60_000 });
      assert.ok(next !== null && next.token > won.token);
      assert.equal(await one.renew(won, 60_000), false);
    });

    it('let a replica that waits lead when the one that leads stops', async () => {
      const lead = async (signal: AbortSignal): Promise<void> => {
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      };
      const replicas = [0, 1].map(
        () => new LeaseLeadership(new MemoryLeaseStore(clock), clock, new RecordingLogger(), open()),
      );
      const [first, second] = replicas.map((replica) => () => replica.campaign('watch/other', lead));
      const leading = first?.();
      while (leading?.isLeading === false) await clock.sleep(50);
      const waiting = second?.();
      await clock.sleep(1_500);
      assert.deepEqual([leading?.isLeading, waiting?.isLeading], [true, false]);
      await leading?.stop();
      while (waiting?.isLeading === false) await clock.sleep(50);
      await waiting?.stop();
    });
  });
});
