import { Clock, inject, injectable } from '@dogwatch/core';
import { ClusterClient } from '../client/cluster-client.js';
import { findClusterClient, type ClusterClients } from '../client/cluster-clients.js';
import { KubernetesConfig } from '../config.js';
import { connectCluster } from './connect-cluster.js';

/** The clients of the configured clusters. */
@injectable()
export class ConnectedClients implements ClusterClients {
  private clients: readonly ClusterClient[] | null = null;

  constructor(
    @inject(KubernetesConfig) private readonly config: KubernetesConfig,
    @inject(Clock) private readonly clock: Clock,
  ) {}

  connect(): void {
    const { clusters, isInPod, simulatedKubeconfig } = this.config;
    this.clients ??= clusters.map((connection) => {
      const { name, kubeConfig } = connectCluster(connection, { isInPod, simulatedKubeconfig });
      return new ClusterClient(name, kubeConfig, this.clock);
    });
  }

  list(): readonly ClusterClient[] {
    return this.clients ?? [];
  }

  get(name?: string): ClusterClient {
    return findClusterClient(this.list(), name);
  }
}
