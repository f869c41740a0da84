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
  ClusterView,
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

/** One cluster that this process watches. */
interface Beat {
  readonly watcher: ClusterWatcher;
  readonly outbox: Outbox;
}

/** Runs every detector on every cluster that it is started for, and tells the sink what they find: the event source `watch`. */
@injectable()
export class WatchLoop implements EventSource, WatchLoopStatus {
  readonly name = 'watch';
  readonly isPerCluster = true;
  private readonly runner: DetectorRunner;
  private readonly findings: Counter;
  private readonly detectionSeconds: Histogram;
  private readonly stalled: Gauge;
  private readonly beats = new Map<string, Beat>();
  private resync: Timer | null = null;
  private lastSweepAt = 0;

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

  start(sink: EventSink, signal: AbortSignal, cluster?: string): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    signal.addEventListener('abort', () => void this.stop(cluster), { once: true });
    const active = sink.activeFacets(this.name);
    const views = this.clusters.list();
    // Nobody leads a cluster that is not watched: whoever begins with the first one says so.
    if (cluster === undefined || cluster === views[0]?.name) this.warnOfUnknownClusters(active);
    for (const view of views) {
      if (cluster !== undefined && view.name !== cluster) continue;
      this.begin(
        view,
        sink,
        active.filter(({ resource }) => resource.cluster === view.name),
      );
    }
    this.lastSweepAt = this.clock.now();
    this.resync ??= this.scheduleResync();
    return Promise.resolve();
  }

  async stop(cluster?: string): Promise<void> {
    const ended = [...this.beats].filter(([name]) => cluster === undefined || name === cluster);
    for (const [name, { watcher }] of ended) {
      watcher.stop();
      // On a replica that stands by, nothing is known to be wrong with detectors.
      this.beats.delete(name);
    }
    if (this.beats.size === 0) {
      this.resync?.cancel();
      this.resync = null;
    }
    await Promise.all(ended.map(([, { outbox }]) => outbox.stop()));
  }

  /** What works and what does not, for health. */
  state(): WatchLoopState {
    const off = [...this.beats].flatMap(([cluster, { watcher }]) =>
      [...watcher.coverage()].flatMap(([detector, { reason }]) =>
        reason === null ? [] : [{ cluster, eventType: detector.eventType, reason }],
      ),
    );
    const beats = [...this.beats.values()];
    return {
      detectors: this.detectors.length,
      off,
      // A detector that threw in the last two rounds may still be broken.
      failing: this.runner.failuresSince(this.lastSweepAt - 2 * this.resyncMs),
      facets: beats.reduce((sum, { watcher }) => sum + watcher.facetCount, 0),
      stalledOwners: this.stalledOwners(),
    };
  }

  private get resyncMs(): number {
    return this.settings.resyncSeconds * 1000;
  }

  private begin(view: ClusterView, sink: EventSink, active: readonly ActiveFacet[]): void {
    const { clock, logger, settings, detectors, runner } = this;
    const waiting = { set: () => this.stalled.set(this.stalledOwners()) };
    const outbox = new Outbox({ sink, clock, logger, waiting });
    const watcher = new ClusterWatcher({
      view,
      source: this.name,
      detectors,
      scope: new Scope(settings),
      clock,
      logger,
      runner,
      emit: (event, isLive) => this.tell(outbox, event, isLive),
    });
    this.beats.set(view.name, { watcher, outbox });
    for (const facet of active) this.clearWithoutDetector(outbox, facet);
    watcher.start(active);
  }

  private stalledOwners(): number {
    return [...this.beats.values()].reduce((sum, { outbox }) => sum + outbox.stalledOwners, 0);
  }

  private scheduleResync(): Timer {
    return this.clock.setTimer(() => {
      this.resync = this.scheduleResync();
      this.lastSweepAt = this.clock.now();
      for (const { watcher } of this.beats.values()) watcher.resync();
    }, this.resyncMs);
  }

  private tell(outbox: Outbox, event: ClusterEvent, isLive: boolean): void {
    if (this.beats.get(event.resource.cluster)?.outbox !== outbox) return;
    outbox.put(event);
    if (event.kind !== 'observed') return;
    this.findings.increment({ event_type: event.eventType });
    if (!isLive) return;
    const seconds = Math.max(0, this.clock.now() - Date.parse(event.occurredAt)) / 1000;
    this.detectionSeconds.observe(seconds, { event_type: event.eventType });
  }

  /** One of an unknown cluster may come back. */
  private warnOfUnknownClusters(active: readonly ActiveFacet[]): void {
    for (const { resource, eventType } of active) {
      if (this.clusters.get(resource.cluster) !== null) continue;
      this.logger.warn(
        'facet_of_unknown_cluster',
        'An open problem is of a cluster that is not watched; it stays open',
        { key: resourceKey(resource), event_type: eventType },
      );
    }
  }

  /** A facet that nobody can look after any more must not stay open for ever. */
  private clearWithoutDetector(outbox: Outbox, facet: ActiveFacet): void {
    if (this.detectors.some((detector) => detector.eventType === facet.eventType)) return;
    outbox.put({
      kind: 'cleared',
      source: this.name,
      resource: facet.resource,
      facet: facet.facet,
      clearedAt: isoTime(this.clock.now()),
      reason: `No detector '${facet.eventType}' is installed any more.`,
    });
  }
}
