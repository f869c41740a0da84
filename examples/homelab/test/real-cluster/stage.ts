import type { ClusterPlayground } from './cluster-playground.js';
import type { HomelabOnCluster } from './homelab-on-cluster.js';

/** Where scenarios play: a cluster, and the app that watches it. */
export interface Stage {
  readonly playground: ClusterPlayground;
  readonly homelab: () => HomelabOnCluster;
}

/** Tests by their names. */
export type Scenarios = Readonly<Record<string, () => Promise<void>>>;
