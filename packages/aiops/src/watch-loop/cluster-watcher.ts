import type {
  ActiveFacet,
  ClusterChange,
  ClusterEvent,
  ClusterView,
  Clock,
  Detector,
  Logger,
  Timer,
} from '@dogwatch/core';
import { ChangeRouter } from './change-router.js';
import { DetectorCoverages, type DetectorCoverage } from './detector-coverage.js';
import type { DetectorRunner } from './detector-runner.js';
import { FacetBook } from './facet-book.js';
import { endingOf, ownerObject, subjectsOf } from './facet-ending.js';
import { clearedEvent, labelsOf, observedEvent } from './facet-events.js';
import type { FacetOutcome } from './facet-outcome.js';
import type { FacetTracker } from './facet-tracker.js';
import { RestartHistory } from './restart-history.js';
import type { Scope } from './scope.js';
import { SubjectExaminer } from './subject-examiner.js';

/** What a cluster watcher works with. */
export interface ClusterWatcherOptions {
  readonly view: ClusterView;
  readonly source: string;
  readonly detectors: readonly Detector[];
  readonly scope: Scope;
  readonly clock: Clock;
  readonly runner: DetectorRunner;
  readonly logger: Logger;
  /** Takes an event; `isLive` = it was seen happening, not found while looking at everything. */
  readonly emit: (event: ClusterEvent, isLive: boolean) => void;
}

/** Runs the detectors on one cluster: on each change at once, on all of it now and then, and on time for what is due. */
export class ClusterWatcher {
  private readonly book: FacetBook;
  private readonly restarts = new RestartHistory();
  private readonly coverages: DetectorCoverages;
  private readonly examiner: SubjectExaminer;
  private readonly router: ChangeRouter;
  private readonly timers = new Map<FacetTracker, Timer>();
  private unsubscribe: (() => void) | null = null;
  private isSweeping = false;

  constructor(private readonly options: ClusterWatcherOptions) {
    const { view, detectors } = options;
    this.book = new FacetBook(view);
    this.coverages = new DetectorCoverages(view, detectors);
    const parts = { ...options, book: this.book, restarts: this.restarts, coverages: this.coverages };
    this.examiner = new SubjectExaminer(parts);
    this.router = new ChangeRouter({ ...parts, examiner: this.examiner });
  }

  /** How many facets are found, raised, or not yet forgotten. */
  get facetCount(): number {
    return this.book.size;
  }

  /** What each detector can do on this cluster now. */
  coverage(): ReadonlyMap<Detector, DetectorCoverage> {
    return this.coverages.all();
  }

  /** Takes over what an earlier process raised, looks at everything, and follows the changes from then on. */
  start(adopted: readonly ActiveFacet[]): void {
    const { view, detectors, clock } = this.options;
    for (const active of adopted) {
      const detector = detectors.find((one) => one.eventType === active.eventType);
      if (detector) this.book.open(detector, active.resource.namespace, active.resource).adopt(active);
    }
    for (const pod of view.list('Pod')) this.restarts.observe(pod, clock.now());
    this.unsubscribe = view.onChange((change) => this.guarded(() => this.react(change)));
    this.resync();
  }

  stop(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
    for (const timer of this.timers.values()) timer.cancel();
    this.timers.clear();
  }

  /** Looks at every object again, as a safety net; does not throw. */
  resync(): void {
    this.guarded(() => {
      this.coverages.update();
      this.sweep();
    });
  }

  // A listener of the view must not throw; what a failure left undone, the next sweep does.
  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      const { view, logger } = this.options;
      logger.error('watch_loop_failed', 'The watch loop failed on a change', { cluster: view.name, error });
    }
  }

  private react(change: ClusterChange): void {
    if (change.type === 'watch-state') {
      if (this.coverages.update()) this.sweep();
      return;
    }
    const touched =
      change.type === 'deleted'
        ? this.router.deleted(change.before)
        : this.router.changed(change.after, change.type === 'updated' ? change.before : null);
    for (const facet of touched) this.settle(facet);
  }

  private sweep(): void {
    const { view, detectors } = this.options;
    this.isSweeping = true;
    try {
      const touched = new Set<FacetTracker>(this.book.all());
      for (const kind of new Set(detectors.map((detector) => detector.kind))) {
        const ofKind = detectors.filter((detector) => detector.kind === kind && this.coverages.canEvaluate(detector));
        if (ofKind.length === 0) continue;
        for (const object of view.list(kind)) this.examiner.examineWith(ofKind, object, touched);
      }
      for (const facet of this.book.all()) this.examiner.refresh(facet, touched);
      for (const facet of touched) this.settle(facet);
    } finally {
      this.isSweeping = false;
    }
  }

  private settle(facet: FacetTracker): void {
    const { view, scope, clock } = this.options;
    const now = clock.now();
    const outcome = facet.settle({
      now,
      isComplete: this.coverages.isFull(facet.detector),
      isSteady: this.isSteady(facet),
      ending: facet.isRaised ? endingOf(view, facet, scope) : null,
    });
    if (outcome) this.tell(facet, outcome, now);
    const isForgotten = facet.isForgettable(now);
    if (isForgotten) this.book.drop(facet);
    this.setTimer(facet, isForgotten ? null : facet.nextDueAt);
  }

  private tell(facet: FacetTracker, outcome: FacetOutcome, now: number): void {
    const { view, source, emit } = this.options;
    if (outcome.kind === 'cleared') {
      emit(clearedEvent(view, facet, { source, now, reason: outcome.reason }), false);
      return;
    }
    const owner = ownerObject(view, facet) ?? null;
    const labels = labelsOf(owner, owner ?? subjectsOf(view, facet)[0] ?? null);
    emit(observedEvent(view, facet, { source, outcome, labels }), outcome.isNewOccurrence && !this.isSweeping);
    // All objects of the owner decide when it is well, also those that never had the problem.
    if (outcome.isRaising) this.examiner.refresh(facet, new Set());
  }

  private isSteady(facet: FacetTracker): boolean {
    const types = facet.detector.steadyDuring ?? [];
    if (types.length === 0) return false;
    for (const other of this.book.ofOwner(facet.namespace, facet.owner)) {
      if (other.isRaised && types.includes(other.detector.eventType)) return true;
    }
    return false;
  }

  private setTimer(facet: FacetTracker, dueAt: number | null): void {
    this.timers.get(facet)?.cancel();
    this.timers.delete(facet);
    if (dueAt === null) return;
    const delayMs = Math.max(0, dueAt - this.options.clock.now());
    const timer = this.options.clock.setTimer(() => this.guarded(() => this.onDue(facet)), delayMs);
    this.timers.set(facet, timer);
  }

  private onDue(facet: FacetTracker): void {
    this.timers.delete(facet);
    const touched = new Set([facet]);
    this.examiner.refresh(facet, touched);
    for (const one of touched) this.settle(one);
  }
}
