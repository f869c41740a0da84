import { setMaxListeners } from 'node:events';
import { AppError, type Clock, type HealthReport, type Logger, type Metrics } from '@dogwatch/core';
import type { ClusterClient } from '../client/cluster-client.js';
import { TextPool } from '../trim/text-pool.js';
import { watchedKinds } from '../trim/trim-object.js';
import { OwnerLookup } from '../view/owner-lookup.js';
import { WatchedClusterView } from '../view/watched-cluster-view.js';
import { Reflector } from '../watch/reflector.js';
import { WatchMetrics } from '../watch/watch-metrics.js';
import { ClusterProbe } from './cluster-probe.js';
import { describeClusterHealth } from './describe-cluster-health.js';

/** What a watched cluster needs. */
export interface WatchedClusterOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Spreads delays; from 0 up to, not including, 1. */
  readonly random?: () => number;
}

const stockTakingMs = 15_000;

/** One cluster: its view, the watches that fill it, and the probe that tells silence from a hung API server. */
export class WatchedCluster {
  readonly view: WatchedClusterView;
  private readonly stopping = new AbortController();
  private readonly probe: ClusterProbe;
  private readonly reflectors: readonly Reflector[];
  private readonly metrics: WatchMetrics;
  private readonly clock: Clock;
  private running: Promise<unknown> | null = null;

  constructor({ client, clock, logger: parentLogger, metrics, random = Math.random }: WatchedClusterOptions) {
    const logger = parentLogger.child({ cluster: client.name });
    // Every watch and request listens to it while it runs, which is no leak.
    setMaxListeners(0, this.stopping.signal);
    this.clock = clock;
    this.metrics = new WatchMetrics(metrics, client.name);
    const owners = new OwnerLookup(client, clock, logger, this.stopping.signal);
    this.view = new WatchedClusterView({ name: client.name, kinds: watchedKinds, owners, clock, logger });
    const shared = { client, view: this.view, pool: new TextPool(), clock, logger, metrics: this.metrics, random };
    this.reflectors = watchedKinds.map((kind) => new Reflector({ ...shared, kind }));
    this.probe = new ClusterProbe({
      client,
      clock,
      onLost: (message) => {
        logger.error('cluster_unreachable', 'The API server does not answer', { reason: message });
        this.interruptWatches(message);
      },
      onBack: () => {
        logger.info('cluster_reachable', 'The API server answers again');
        for (const reflector of this.reflectors) reflector.wake();
      },
    });
  }

  /** Begins to watch; once. */
  start(): void {
    const { signal } = this.stopping;
    this.running ??= Promise.all([
      this.probe.run(signal),
      this.takeStock(signal),
      ...this.reflectors.map((reflector) => reflector.run(signal)),
    ]);
  }

  /** Ends all watches; the view stays as it is. Idempotent. */
  async stop(): Promise<void> {
    this.stopping.abort(new AppError('DW_APP_STOPPED', `Cluster '${this.view.name}' is no longer watched.`));
    this.view.close();
    await this.running;
  }

  health(): HealthReport {
    return describeClusterHealth({
      cluster: this.view.name,
      probe: this.probe.state,
      watches: this.view.watchStates(),
      counts: this.view.kinds.map((kind) => ({ kind, count: this.view.count(kind) })),
    });
  }

  private interruptWatches(message: string): void {
    const reason = new AppError('DW_KUBERNETES_UNREACHABLE', message, { isRetryable: true });
    for (const reflector of this.reflectors) reflector.interrupt(reason);
  }

  private async takeStock(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.view.sweep();
      this.metrics.observe(this.view, this.probe.state.isReachable !== false);
      await this.clock.sleep(stockTakingMs, signal).catch(() => undefined);
    }
  }
}
