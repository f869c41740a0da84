import { AppError, definePort } from '@dogwatch/core';
import type { ClusterClient } from './cluster-client.js';

/** The API servers of the watched clusters by name; filled when the app starts. */
export interface ClusterClients {
  /** Makes the clients, without calling their clusters; called once, when the app starts. Throws `DW_KUBERNETES_CONFIG_INVALID`. */
  connect(): void;
  list(): readonly ClusterClient[];
  /** Without a name: the only cluster. Throws `DW_KUBERNETES_CLUSTER_UNKNOWN`, which lists the known names. */
  get(name?: string): ClusterClient;
}
export const ClusterClients = definePort<ClusterClients>('kubernetes.ClusterClients');

/** Finds a client by name, or the only one when no name is given. */
export function findClusterClient(clients: readonly ClusterClient[], name?: string): ClusterClient {
  const known = clients.map((client) => `'${client.name}'`).join(', ') || 'none';
  if (name === undefined) {
    const [only, ...others] = clients;
    if (only && others.length === 0) return only;
    throw new AppError('DW_KUBERNETES_CLUSTER_UNKNOWN', `Say which cluster is meant. The known ones: ${known}.`);
  }
  const found = clients.find((client) => client.name === name);
  if (found) return found;
  throw new AppError('DW_KUBERNETES_CLUSTER_UNKNOWN', `There is no cluster '${name}'. The known ones: ${known}.`);
}
