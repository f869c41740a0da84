import type { ClusterObjectKind, Metrics } from '@dogwatch/core';
import type { WatchedClusterView } from '../view/watched-cluster-view.js';

/** Why a watch ended: `closed` is the API server's regular end. */
export type WatchEndReason = 'closed' | 'expired' | 'failed' | 'forbidden';

/** The metrics of one cluster's watches. */
export class WatchMetrics {
  private readonly restarts;
  private readonly malformedObjects;
  private readonly objects;
  private readonly live;
  private readonly reachable;

  constructor(
    metrics: Metrics,
    private readonly cluster: string,
  ) {
    const labels = ['cluster', 'kind'];
    this.restarts = metrics.counter({
      name: 'dogwatch_watch_restarts_total',
      help: 'Watches that ended and began again, by reason; closed is regular.',
      labels: [...labels, 'reason'],
    });
    this.malformedObjects = metrics.counter({
      name: 'dogwatch_watch_malformed_objects_total',
      help: 'Objects of the API server that could not be read and were left out.',
      labels,
    });
    this.objects = metrics.gauge({ name: 'dogwatch_watch_objects', help: 'Objects held by the cluster view.', labels });
    this.live = metrics.gauge({
      name: 'dogwatch_watch_live',
      help: '1 while the list of the kind is full and its watch runs.',
      labels,
    });
    this.reachable = metrics.gauge({
      name: 'dogwatch_cluster_reachable',
      help: '1 while the API server answers.',
      labels: ['cluster'],
    });
  }

  ended(kind: ClusterObjectKind, reason: WatchEndReason): void {
    this.restarts.increment({ cluster: this.cluster, kind, reason });
  }

  malformed(kind: ClusterObjectKind): void {
    this.malformedObjects.increment({ cluster: this.cluster, kind });
  }

  /** Takes stock of a view. */
  observe(view: WatchedClusterView, isReachable: boolean): void {
    for (const kind of view.kinds) {
      this.objects.set(view.count(kind), { cluster: this.cluster, kind });
      this.live.set(view.isComplete(kind) ? 1 : 0, { cluster: this.cluster, kind });
    }
    this.reachable.set(isReachable ? 1 : 0, { cluster: this.cluster });
  }
}
