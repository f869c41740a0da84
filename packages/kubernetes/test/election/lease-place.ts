import { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '@dogwatch/core';
import { ClusterClient } from '@dogwatch/kubernetes';
import type { LeasePlace } from '@dogwatch/kubernetes';

/** Leases in a namespace of the cluster of a kubeconfig; each place is a process of its own. */
export function leasePlace(kubeconfig: string, namespace: string, clock: Clock): LeasePlace {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(kubeconfig);
  return { client: new ClusterClient('test', kubeConfig, clock), namespace };
}
