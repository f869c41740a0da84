import assert from 'node:assert/strict';
import type { IncidentSummary } from '@dogwatch/core';
import { needsPostgres, PostgresServer, SimulatedClusterProcess } from '@dogwatch/testkit';
import { until } from '../homelab-process.js';
import { ReplicaSet } from './replica-set.js';

const namespace = 'shop';
const all = 'api,watch,worker';

const cart = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart', namespace },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'cart' } },
    template: {
      metadata: { labels: { app: 'cart' } },
      spec: { containers: [{ name: 'cart', image: 'example.com/cart:1' }] },
    },
  },
};

needsPostgres(process, (postgres) => {
  describe('replicas that elect by Leases of Kubernetes', function () {
    this.timeout(300_000);
    let database: PostgresServer;
    let cluster: SimulatedClusterProcess;
    let replicas: ReplicaSet;

    before(async () => {
      database = await PostgresServer.start(postgres);
      cluster = await SimulatedClusterProcess.start({ speed: 5 });
      const env = { DATABASE_URL: await database.createDatabase(), DOGWATCH_LEADER_ELECTION: 'lease' };
      replicas = await ReplicaSet.start({ kubeconfigText: cluster.kubeconfigText(), roles: [all, all], env });
    });
    after(async () => {
      await replicas.remove();
      await cluster.kill();
      await database.remove();
    });

    const leads = async (index: number): Promise<boolean> => {
      type Health = { readonly checks: Record<string, { readonly message: string }> };
      const { body } = await replicas.call<Health>(index, 'GET', '/health');
      return /leads [^;]*watch\//.test(body.checks['leadership']?.message ?? '');
    };

    it('watch on when the one that leads is killed', async () => {
      const first = await until('one of them leads', async () => {
        if (await leads(0)) return { index: 0 };
        return (await leads(1)) ? { index: 1 } : null;
      });
      const writes = (await cluster.requests()).filter(({ path }) => path.includes('/coordination.k8s.io/v1/'));
      assert.ok(writes.some(({ method, status }) => method === 'POST' && status === 201));
      const other = 1 - first.index;
      await replicas.kill(first.index);
      await until('the other one leads', () => leads(other));
      await cluster.apply(cart);
      await cluster.injectFault({ kind: 'crash-loop', namespace, deployment: 'cart' });
      await until('the incident is there', async () => {
        const { body } = await replicas.call<{ items: IncidentSummary[] }>(other, 'GET', '/api/incidents');
        return body.items.some(({ resource }) => resource.name === 'cart');
      });
    });
  });
});
