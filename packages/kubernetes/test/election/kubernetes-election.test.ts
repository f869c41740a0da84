import assert from 'node:assert/strict';
import {
  createApp,
  definePlugin,
  definePort,
  HealthCheck,
  injectable,
  injectEach,
  Leadership,
  loadConfig,
  memoryStore,
  replica,
  watchLease,
} from '@dogwatch/core';
import type { App, HealthReport } from '@dogwatch/core';
import { electsByLease, kubernetesConfig, kubernetesElection } from '@dogwatch/kubernetes';
import type { KubernetesConfig } from '@dogwatch/kubernetes';
import { RecordingLogger, SimulatedCluster } from '@dogwatch/testkit';
import { until } from '../until.js';

const load = async (env: Record<string, string>): Promise<KubernetesConfig> =>
  (await loadConfig(null, { kubernetes: kubernetesConfig }, env)).kubernetes;

interface HealthReader {
  report(name: string): HealthReport | undefined;
}
const HealthReader = definePort<HealthReader>('test.HealthReader');

@injectable()
class InjectedHealth implements HealthReader {
  constructor(@injectEach(HealthCheck) private readonly checks: readonly HealthCheck[]) {}

  report(name: string): HealthReport | undefined {
    return this.checks.find((check) => check.name === name)?.check() as HealthReport | undefined;
  }
}

const healthReader = definePlugin({
  id: 'test-health',
  provides: [HealthReader],
  register: ({ bind }) => bind(HealthReader).toClass(InjectedHealth),
});

describe('the election of who watches a cluster', () => {
  it('is by Leases in a pod and in the store elsewhere, unless the settings say otherwise', async () => {
    const inPod = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    assert.equal(electsByLease(await load({})), false);
    assert.equal(electsByLease(await load(inPod)), true);
    assert.equal(electsByLease(await load({ ...inPod, DOGWATCH_LEADER_ELECTION: 'store' })), false);
    assert.equal(electsByLease(await load({ DOGWATCH_LEADER_ELECTION: 'lease' })), true);
    await assert.rejects(load({ DOGWATCH_LEADER_ELECTION: 'raft' }), /DOGWATCH_LEADER_ELECTION/);
  });

  describe('of a replica', () => {
    let cluster: SimulatedCluster;
    let app: App;
    const work = (signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

    beforeEach(async () => {
      cluster = await SimulatedCluster.start();
      const config = await load({ DOGWATCH_LEADER_ELECTION: 'lease', DOGWATCH_LEASE_NAMESPACE: 'kube-system' });
      app = createApp({
        plugins: [
          memoryStore(),
          replica({ roles: ['watch'] }),
          kubernetesElection({ ...config, simulatedKubeconfig: cluster.kubeconfig() }),
          healthReader(),
        ],
        core: { logger: new RecordingLogger() },
      });
      await app.start();
    });
    afterEach(async () => {
      await app.stop();
      await cluster.close();
    });

    it('puts the Leases of clusters into the namespace of the settings, and no other lease', async () => {
      const leadership = app.get(Leadership);
      const campaigns = [watchLease('homelab'), 'notifications'].map((name) => leadership.campaign(name, work));
      await until(() => campaigns.every((campaign) => campaign.isLeading));
      const leases = cluster.list({ kind: 'Lease', apiVersion: 'coordination.k8s.io/v1' });
      assert.deepEqual(
        leases.map(({ metadata }) => [metadata.namespace, metadata.annotations?.['dogwatch.dev/lease']]),
        [['kube-system', 'watch/homelab']],
      );
      for (const campaign of campaigns) await campaign.stop();
    });

    it('is degraded in its health by a right on Leases that is missing, until it is given', async () => {
      const health = (): HealthReport | undefined => app.get(HealthReader).report('leadership');
      for (const verb of ['get', 'create']) {
        cluster.deny([{ resource: 'leases', verb }]);
        const campaign = app.get(Leadership).campaign(watchLease('homelab'), work);
        await until(() => health()?.status === 'degraded');
        const missing = `in namespace 'kube-system' is the right to ${verb} leases.coordination.k8s.io`;
        assert.ok(health()?.message.includes(missing), health()?.message);
        assert.match(health()?.message ?? '', /stands by for watch\/homelab/);
        if (verb === 'create') {
          cluster.deny([]);
          await until(() => campaign.isLeading);
          assert.deepEqual(health(), { status: 'ok', message: 'This replica leads watch/homelab.' });
        }
        await campaign.stop();
      }
    });
  });
});
