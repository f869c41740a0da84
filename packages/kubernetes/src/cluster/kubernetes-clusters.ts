import {
  Clock,
  type ClusterRegistry,
  type ClusterView,
  definePort,
  type HostedService,
  inject,
  injectable,
  Logger,
  Metrics,
} from '@dogwatch/core';
import { ClusterClients } from '../client/cluster-clients.js';
import { WatchedCluster } from './watched-cluster.js';

/** The clusters that this app watches; none before it has started. */
export interface WatchedClusters {
  clusters(): readonly WatchedCluster[];
}
export const WatchedClusters = definePort<WatchedClusters>('kubernetes.WatchedClusters');

/** Connects to the configured clusters when the app starts, and watches them while it is open. */
@injectable()
export class KubernetesClusters implements ClusterRegistry, HostedService, WatchedClusters {
  readonly name = 'KubernetesClusters';
  private watched: readonly WatchedCluster[] = [];

  constructor(
    @inject(ClusterClients) private readonly clients: ClusterClients,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) private readonly metrics: Metrics,
  ) {}

  start(): void {
    this.clients.connect();
    const shared = { clock: this.clock, logger: this.logger, metrics: this.metrics };
    this.watched = this.clients.list().map((client) => new WatchedCluster({ ...shared, client }));
  }

  open(): void {
    for (const cluster of this.watched) cluster.start();
  }

  async close(): Promise<void> {
    await Promise.all(this.watched.map((cluster) => cluster.stop()));
  }

  async stop(): Promise<void> {
    await this.close();
  }

  list(): readonly ClusterView[] {
    return this.watched.map(({ view }) => view);
  }

  get(name: string): ClusterView | null {
    return this.list().find((view) => view.name === name) ?? null;
  }

  clusters(): readonly WatchedCluster[] {
    return this.watched;
  }
}
