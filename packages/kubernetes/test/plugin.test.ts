import assert from 'node:assert/strict';
import {
  ClusterRegistry,
  createApp,
  definePlugin,
  HealthCheck,
  HostedService,
  inject,
  injectable,
  injectEach,
} from '@dogwatch/core';
import type { ClusterView } from '@dogwatch/core';
import { kubernetes } from '@dogwatch/kubernetes';
import { SimulatedCluster } from '@dogwatch/testkit';
import { until } from './until.js';

describe('the kubernetes plugin', () => {
  let simulated: SimulatedCluster;

  beforeEach(async () => {
    simulated = await SimulatedCluster.start();
  });
  afterEach(() => simulated.close());

  it('shows a cluster to the plugins that ask for it, tells its health, and lets go of it at the end', async () => {
    const seen: { views: readonly ClusterView[]; checks: readonly HealthCheck[] } = { views: [], checks: [] };
    @injectable()
    class Consumer implements HostedService {
      readonly name = 'Consumer';
      constructor(
        @inject(ClusterRegistry) private readonly registry: ClusterRegistry,
        @injectEach(HealthCheck) private readonly checks: readonly HealthCheck[],
      ) {}
      start(): void {
        seen.views = this.registry.list();
        seen.checks = this.checks;
      }
    }
    const consumer = definePlugin({
      id: 'consumer',
      requires: [ClusterRegistry],
      register: ({ contribute }) => contribute(HostedService).class(Consumer),
    });
    const simulatedKubeconfig = simulated.kubeconfig();
    const only = { name: null, source: 'simulated', kubeconfig: null, context: null } as const;
    const app = createApp({
      plugins: [consumer(), kubernetes({ clusters: [only], isInPod: false, simulatedKubeconfig })],
    });
    await app.start();
    try {
      const [view] = seen.views;
      assert.equal(view?.name, 'simulated');
      await until(() => view?.kinds.every((kind) => view.isComplete(kind)) === true);
      assert.deepEqual(
        [...(view?.list('Node') ?? [])].map((node) => node.name),
        ['node-1', 'node-2'],
      );
      const check = seen.checks.find(({ name }) => name === 'cluster');
      assert.equal((await check?.check())?.status, 'ok');
    } finally {
      await app.stop();
    }
    await until(() => simulated.watchCount === 0);
  });

  it('stops the boot when a kubeconfig cannot be used, and says which', async () => {
    const only = { name: null, source: 'kubeconfig', kubeconfig: '/no/such/file', context: null } as const;
    const app = createApp({ plugins: [kubernetes({ clusters: [only], isInPod: false })] });
    await assert.rejects(app.start(), /'\/no\/such\/file' cannot be read/);
  });
});
