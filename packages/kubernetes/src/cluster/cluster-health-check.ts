import { type HealthCheck, type HealthReport, type HealthStatus, inject, injectable } from '@dogwatch/core';
import { WatchedClusters } from './kubernetes-clusters.js';

const worstFirst: readonly HealthStatus[] = ['down', 'degraded', 'ok'];

/** Line `cluster` of the health: every watched cluster, the worst one decides. */
@injectable()
export class ClusterHealthCheck implements HealthCheck {
  readonly name = 'cluster';

  constructor(@inject(WatchedClusters) private readonly watched: WatchedClusters) {}

  check(): HealthReport {
    const reports = this.watched.clusters().map((cluster) => cluster.health());
    if (reports.length === 0) return { status: 'degraded', message: 'No cluster is watched yet: the app is starting.' };
    const status = worstFirst.find((one) => reports.some((report) => report.status === one)) ?? 'ok';
    return { status, message: reports.map((report) => report.message).join(' ') };
  }
}
