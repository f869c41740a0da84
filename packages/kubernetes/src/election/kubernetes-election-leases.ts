import { Clock, definePort, inject, injectable } from '@dogwatch/core';
import type { ElectionLeases, Lease, LeaseRequest } from '@dogwatch/core';
import { ClusterClient } from '../client/cluster-client.js';
import { connectCluster } from '../cluster/connect-cluster.js';
import type { KubernetesConfig } from '../config.js';
import { KubernetesLeaseStore } from './kubernetes-lease-store.js';

/** Where the Leases of the election are. */
export const ElectionSettings = definePort<KubernetesConfig>('kubernetes.ElectionSettings');

/** Elects by Leases: in a pod those of its own cluster and namespace, elsewhere those of the first cluster. */
@injectable()
export class KubernetesElectionLeases implements ElectionLeases {
  private made: KubernetesLeaseStore | null = null;

  constructor(
    @inject(ElectionSettings) private readonly settings: KubernetesConfig,
    @inject(Clock) private readonly clock: Clock,
  ) {}

  acquire(request: LeaseRequest): Promise<Lease | null> {
    return this.store().acquire(request);
  }

  renew(lease: Lease, ttlMs: number): Promise<boolean> {
    return this.store().renew(lease, ttlMs);
  }

  release(lease: Lease): Promise<void> {
    return this.store().release(lease);
  }

  find(name: string): Promise<Lease | null> {
    return this.store().find(name);
  }

  // Made when it is asked for: where a simulated cluster listens is not known before.
  private store(): KubernetesLeaseStore {
    this.made ??= this.make();
    return this.made;
  }

  private make(): KubernetesLeaseStore {
    const { clusters, isInPod, simulatedKubeconfig, leaseNamespace } = this.settings;
    const ownCluster = { name: null, source: 'in-cluster', kubeconfig: null, context: null } as const;
    const [first = ownCluster] = clusters;
    const { name, kubeConfig } = connectCluster(isInPod ? ownCluster : first, { isInPod, simulatedKubeconfig });
    const context = kubeConfig.getContextObject(kubeConfig.getCurrentContext());
    const namespace = leaseNamespace ?? context?.namespace ?? 'default';
    return new KubernetesLeaseStore({ client: new ClusterClient(name, kubeConfig, this.clock), namespace }, this.clock);
  }
}
