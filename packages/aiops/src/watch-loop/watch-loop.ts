import {
  Clock,
  ClusterRegistry,
  Detector,
  inject,
  injectable,
  isoTime,
  Logger,
  Metrics,
  resourceKey,
} from '@dogwatch/core';
import type {
  ActiveFacet,
  ClusterEvent,
  Counter,
  EventSink,
  EventSource,
  Gauge,
  Histogram,
  Timer,
} from '@dogwatch/core';
import { injectEach } from '@dogwatch/core';
import { ClusterWatcher } from './cluster-watcher.js';
import { DetectorRunner } from './detector-runner.js';
import { Outbox } from './outbox.js';
import { Scope } from './scope.js';
import { WatchLoopSettings } from './watch-loop-settings.js';
import type { WatchLoopState, WatchLoopStatus } from './watch-loop-status.js';

const detectionBuckets = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

/** Runs every detector on every cluster and tells the sink what they find: the event source `watch`. */
@injectable()
export class WatchLoop implements EventSource, WatchLoopStatus {
  readonly name = 'watch';
  private readonly runner: DetectorRunner;
  private readonly findings: Counter;
  private readonly detectionSeconds: Histogram;
  private readonly stalled: Gauge;
  private watchers: readonly ClusterWatcher[] = [];
  private outbox: Outbox | null = null;
  private resync: Timer | null = null;
  private lastSweepAt = 0;
  private isStopped = false;

  constructor(
    @inject(ClusterRegistry) private readonly clusters: ClusterRegistry,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
    @inject(WatchLoopSettings) private readonly settings: WatchLoopSettings,
    @injectEach(Detector) private readonly detectors: readonly Detector[],
  ) {
    this.findings = metrics.counter({
      name: 'dogwatch_findings_total',
      help: 'Occurrences of problems that the watch loop told.',
      labels: ['event_type'],
    });
    this.detectionSeconds = metrics.histogram({
      name: 'dogwatch_detection_seconds',
      help: 'From the moment that the cluster names for an occurrence until it was told; whole seconds are the cluster’s precision.',
      labels: ['event_type'],
      buckets: detectionBuckets,
    });
    this.stalled = metrics.gauge({
      name: 'dogwatch_stalled_owners',
      help: 'Owners whose events wait because the log did not take them.',
    });
    const errors = metrics.counter({
      name: 'dogwatch_detector_errors_total',
      help: 'Calls of a detector that threw.',
      labels: ['event_type'],
    });
    this.runner = new DetectorRunner(logger, errors);
  }

  start(sink: EventSink, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    this.isStopped = false;
    const { clock, logger } = this;
    this.outbox = new Outbox({ sink, clock, logger, waiting: this.stalled });
    signal.addEventListener('abort', () => void this.stop(), { once: true });
    const active = sink.activeFacets(this.name);
    for (const facet of active) this.clearWithoutDetector(facet);
    const scope = new Scope(this.settings);
    this.watchers = this.clusters.list().map(
      (view) =>
        new ClusterWatcher({
          view,
          source: this.name,
          detectors: this.detectors,
          scope,
          clock,
          logger,
          runner: this.runner,
          emit: (event, isLive) => this.tell(event, isLive),
        }),
    );
    this.clusters.list().forEach((view, index) => {
      this.watchers[index]?.start(active.filter((facet) => facet.resource.cluster === view.name));
    });
    this.lastSweepAt = clock.now();
    this.scheduleResync();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.resync?.cancel();
    for (const watcher of this.watchers) watcher.stop();
    // On a replica that stands by, nothing is known to be wrong with detectors.
    this.watchers = [];
    await this.outbox?.stop();
  }

  /** What works and what does not, for health. */
  state(): WatchLoopState {
    const off = this.watchers.flatMap((watcher, index) =>
      [...watcher.coverage()].flatMap(([detector, { reason }]) =>
        reason === null
          ? []
          : [{ cluster: this.clusters.list()[index]?.name ?? '', eventType: detector.eventType, reason }],
      ),
    );
    return {
      detectors: this.detectors.length,
      off,
      // A detector that threw in the last two rounds may still be broken.
      failing: this.runner.failuresSince(this.lastSweepAt - 2 * this.resyncMs),
      facets: this.watchers.reduce((sum, watcher) => sum + watcher.facetCount, 0),
      stalledOwners: this.outbox?.stalledOwners ?? 0,
    };
  }

  private get resyncMs(): number {
    return this.settings.resyncSeconds * 1000;
  }

  private scheduleResync(): void {
    this.resync = this.clock.setTimer(() => {
      if (this.isStopped) return;
      this.scheduleResync();
      this.lastSweepAt = this.clock.now();
      for (const watcher of this.watchers) watcher.resync();
    }, this.resyncMs);
  }

  private tell(event: ClusterEvent, isLive: boolean): void {
    if (this.isStopped) return;
    this.outbox?.put(event);
    if (event.kind !== 'observed') return;
    this.findings.increment({ event_type: event.eventType });
    if (!isLive) return;
    const seconds = Math.max(0, this.clock.now() - Date.parse(event.occurredAt)) / 1000;
    this.detectionSeconds.observe(seconds, { event_type: event.eventType });
  }

  /** A facet that nobody can look after any more must not stay open for ever; one of an unknown cluster may come back. */
  private clearWithoutDetector(facet: ActiveFacet): void {
    if (this.clusters.get(facet.resource.cluster) === null) {
      this.logger.warn(
        'facet_of_unknown_cluster',
        'An open problem is of a cluster that is not watched; it stays open',
        {
          key: resourceKey(facet.resource),
          event_type: facet.eventType,
        },
      );
      return;
    }
    if (this.detectors.some((detector) => detector.eventType === facet.eventType)) return;
    this.outbox?.put({
      kind: 'cleared',
      source: this.name,
      resource: facet.resource,
      facet: facet.facet,
      clearedAt: isoTime(this.clock.now()),
      reason: `No detector '${facet.eventType}' is installed any more.`,
    });
  }
}
