import path from 'node:path';
import { definePlugin, HostedService } from '@dogwatch/core';
import type { Plugin } from '@dogwatch/core';
import type { KubernetesConfig } from '@dogwatch/kubernetes';
import { DemoScenario, SimulatedCluster } from '@dogwatch/testkit';
import type { Settings } from './read-settings.js';

/** A simulated cluster as a part of the app. */
export interface DemoCluster {
  readonly plugin: Plugin;
  /** The settings of a Kubernetes plugin that talks to it. */
  connectTo(config: KubernetesConfig): KubernetesConfig;
}

class DemoClusterService implements HostedService {
  readonly name = 'DemoCluster';
  private cluster: SimulatedCluster | null = null;
  private scenario: DemoScenario | null = null;

  constructor(private readonly dataDir: string) {}

  get kubeconfig(): object {
    if (this.cluster === null) throw new TypeError('The simulated cluster has not started.');
    return this.cluster.kubeconfig();
  }

  async start(): Promise<void> {
    this.cluster = await SimulatedCluster.start({ dataDir: this.dataDir });
  }

  open(): void {
    if (this.cluster !== null) this.scenario = DemoScenario.start(this.cluster);
  }

  close(): void {
    this.scenario?.stop();
  }

  async stop(): Promise<void> {
    await this.cluster?.close();
  }
}

/**
 * A simulated cluster with faults that a right fix heals, for everyone who has named no real cluster; `null` otherwise. Its
 * world is saved in the data folder, so that the next start goes on with it.
 */
export function demoCluster({ kubernetes, store }: Settings): DemoCluster | null {
  if (kubernetes.clusters.every((cluster) => cluster.source !== 'simulated')) return null;
  const service = new DemoClusterService(path.join(store.dataFolder, 'simulated-cluster'));
  const plugin = definePlugin({
    id: 'demo-cluster',
    register({ contribute }) {
      contribute(HostedService).value(service);
    },
  });
  return {
    plugin: plugin(),
    // Asked for when the Kubernetes plugin starts: only then is it known where the cluster listens.
    connectTo: (config) => ({
      ...config,
      get simulatedKubeconfig() {
        return service.kubeconfig;
      },
    }),
  };
}
