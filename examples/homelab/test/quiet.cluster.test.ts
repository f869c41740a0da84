import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonObject } from '@dogwatch/core';
import { needsRealCluster } from '@dogwatch/testkit';
import { until } from './homelab-process.js';
import { ClusterPlayground } from './real-cluster/cluster-playground.js';
import { concurrentTests } from './real-cluster/concurrent-tests.js';
import { HealthyWorkloads } from './real-cluster/healthy-workloads.js';
import { HomelabOnCluster } from './real-cluster/homelab-on-cluster.js';
import { writeServiceAccountKubeconfig } from './real-cluster/service-account-kubeconfig.js';

const readVerbs = ['get', 'list', 'watch'];
const rightsWithoutNodes = [
  { apiGroups: [''], resources: ['pods', 'events', 'pods/log'], verbs: readVerbs },
  { apiGroups: ['apps'], resources: ['deployments', 'replicasets'], verbs: [...readVerbs, 'patch'] },
];
// The soak of a healthy cluster is this test, made longer.
const healthyMs = Number(process.env['DOGWATCH_TEST_HEALTHY_MINUTES'] ?? '1.5') * 60_000;

interface Health {
  readonly status: string;
  readonly checks: Readonly<Record<string, { readonly status: string; readonly message: string }>>;
}

describe('keeping quiet on a real cluster', function () {
  this.timeout(healthyMs + 150_000);
  needsRealCluster(process, (kubeconfig) => {
    let folder = '';
    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-e2e-rights-'));
    });
    after(() => rm(folder, { recursive: true }));

    concurrentTests({
      'opens no incident in a time of rollouts, completed Jobs, scaling and single restarts': async () => {
        const playground = new ClusterPlayground(kubeconfig);
        const homelab = await HomelabOnCluster.start({ kubeconfig, namespaces: playground.pattern });
        try {
          const endAt = Date.now() + healthyMs;
          const healthy = await HealthyWorkloads.start(playground);
          await healthy.liveUntil(endAt);
          const happened = await healthy.happened();
          assert.ok(happened.rounds >= 4 && happened.completedJobs >= 2, JSON.stringify(happened));
          assert.equal(happened.restarts, 1);
          assert.deepEqual(await homelab.incidentsOf(healthy.name), []);
        } finally {
          await homelab.end();
          await playground.cleanUp();
        }
      },

      'does without the node detector where it may not read nodes, and says so in /health': async () => {
        const playground = new ClusterPlayground(kubeconfig);
        const namespace = await playground.namespace('rights');
        const file = path.join(folder, 'kubeconfig');
        await writeServiceAccountKubeconfig(playground, {
          namespace: namespace.name,
          rights: rightsWithoutNodes,
          file,
        });
        const homelab = await HomelabOnCluster.start({ kubeconfig: file, namespaces: playground.pattern });
        try {
          const health = await until('the missing right is known', async () => {
            const now = await homelab.process.get<JsonObject & Health>('/health');
            return now.checks['detectors']?.status === 'degraded' && now;
          });
          assert.equal(health.status, 'degraded');
          assert.match(health.checks['detectors']?.message ?? '', /'not_ready_node' is off.*list nodes/);
          assert.match(health.checks['cluster']?.message ?? '', /list nodes/);
          await namespace.deploy('broken', { command: ['sh', '-c', 'exit 1'] });
          const approval = await homelab.untilApproval(namespace.name, 'broken');
          assert.equal((await homelab.process.decide(approval, 'approve')).status, 200);
          await until('the restart is made', async () => (await namespace.replicaSets('broken')) === 2);
        } finally {
          await homelab.end();
          await playground.cleanUp();
        }
      },
    });
  });
});
