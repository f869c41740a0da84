import assert from 'node:assert/strict';
import { createApp, Leadership, memoryStore, replica, loadConfig, watchLease } from '@dogwatch/core';
import type { App } from '@dogwatch/core';
import { electsByLease, kubernetesConfig, kubernetesElection } from '@dogwatch/kubernetes';
import type { KubernetesConfig } from '@dogwatch/kubernetes';
import { RecordingLogger, SimulatedCluster } from '@dogwatch/testkit';
import { until } from '../until.js';

const load = async (env: Record<string, string>): Promise<KubernetesConfig> =>
  (await loadConfig(null, { kubernetes: kubernetesConfig }, env)).kubernetes;

describe('the election of who watches a cluster', () => {
  it('is by Leases in a pod and in the store elsewhere, unless the settings say otherwise', async () => {
    const inPod = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    assert.equal(electsByLease(await load({})), false);
    assert.equal(electsByLease(await load(inPod)), true);
    assert.equal(electsByLease(await load({ ...inPod, DOGWATCH_LEADER_ELECTION: 'store' })), false);
    assert.equal(electsByLease(await load({ DOGWATCH_LEADER_ELECTION: 'lease' })), true);
    await assert.rejects(load({ DOGWATCH_LEADER_ELECTION: 'raft' }), /DOGWATCH_LEADER_ELECTION/);
  });

  it('puts the Leases of clusters into the namespace of the settings, and no other lease', async () => {
    const cluster = await SimulatedCluster.start();
    let app: App | null = null;
    try {
      const config = await load({ DOGWATCH_LEADER_ELECTION: 'lease', DOGWATCH_LEASE_NAMESPACE: 'kube-system' });
      app = createApp({
        plugins: [
          memoryStore(),
          replica({ roles: ['watch'] }),
          kubernetesElection({ ...config, simulatedKubeconfig: cluster.kubeconfig() }),
        ],
        core: { logger: new RecordingLogger() },
      });
      await app.start();
      const leadership = app.get(Leadership);
      const work = (signal: AbortSignal): Promise<void> =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
      const campaigns = [watchLease('homelab'), 'notifications'].map((name) => leadership.campaign(name, work));
      await until(() => campaigns.every((campaign) => campaign.isLeading));
      const leases = cluster.list({ kind: 'Lease', apiVersion: 'coordination.k8s.io/v1' });
      assert.deepEqual(
        leases.map(({ metadata }) => [metadata.namespace, metadata.annotations?.['dogwatch.dev/lease']]),
        [['kube-system', 'watch/homelab']],
      );
      for (const campaign of campaigns) await campaign.stop();
    } finally {
      await app?.stop();
      await cluster.close();
    }
  });
});
