import {
  AppError,
  Clock,
  Detector,
  IdGenerator,
  IncidentLog,
  LogTail,
  Logger,
  Metrics,
  inject,
  injectable,
  injectEach,
} from '@dogwatch/core';
import type { ActiveFacet, Actor, ClusterEvent, IncidentSummary, StoredEvent } from '@dogwatch/core';
import { RuleActions } from '../rules/rule-actions.js';
import { RuleOpinion } from '../rules/rule-opinion.js';
import { incidentIdOf } from './incident-events.js';
import { incidentKeyOf } from './incident-key.js';
import { IncidentMetrics } from './incident-metrics.js';
import { IncidentRepository } from './incident-repository.js';
import type { FoldedIncident } from './incident-repository.js';
import type { IncidentState } from './incident-state.js';
import { IncidentWriter } from './incident-writer.js';
import type { IncidentCommand, WrittenWork } from './incident-writer.js';
import type { Duty, Incidents } from './incidents.js';
import { KeyWorker } from './key-worker.js';
import { ProblemCatalog } from './problem-catalog.js';
import { readIncidentSummary, summarizeIncident } from './summarize-incident.js';

// What changes an incident's state; the rest of its stream is about runs and messages.
const followedTypes: ReadonlySet<string> = new Set([
  'opened',
  'reopened',
  'problem-observed',
  'problem-cleared',
  'severity-changed',
  'rule-matched',
  'acknowledged',
  'snoozed',
  'resolved',
]);

/**
 * Turns what every source sees into incidents, one per key, whatever the source.
 *
 * Keys are worked on side by side, the events of one key in order; the log is the only truth, this is what it says now.
 */
@injectable()
export class IncidentBook implements Incidents {
  private readonly repository: IncidentRepository;
  private readonly writer: IncidentWriter;
  private readonly metrics: IncidentMetrics;
  private readonly workers = new Map<string, KeyWorker>();
  private readonly duties = new Set<Duty>();
  private taking: Promise<void> = Promise.resolve();
  private unfollow: (() => void) | null = null;
  private lastFailure: string | null = null;

  constructor(
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
    @inject(IdGenerator) ids: IdGenerator,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
    @inject(RuleOpinion) opinion: RuleOpinion,
    @inject(RuleActions) private readonly actions: RuleActions,
    @injectEach(Detector) detectors: readonly Detector[],
    @inject(LogTail) private readonly tail: LogTail,
  ) {
    this.repository = new IncidentRepository(log);
    this.metrics = new IncidentMetrics(metrics);
    const rules = { catalog: new ProblemCatalog(detectors), minCounts: opinion.minCounts };
    this.writer = new IncidentWriter({ repository: this.repository, clock, ids, rules, opinion });
  }

  get failure(): string | null {
    return this.lastFailure;
  }

  private get isLeading(): boolean {
    return this.duties.size > 0;
  }

  take(duty: Duty): Promise<void> {
    // One after the other: each reads all that is open.
    const taken = this.taking.then(() => this.read(duty));
    this.taking = taken.catch(() => undefined);
    return taken;
  }

  openIncidents(): readonly IncidentState[] {
    return [...this.workers.values()].flatMap((worker) => worker.openIncident?.state ?? []);
  }

  activeFacets(source: string): readonly ActiveFacet[] {
    return this.openIncidents().flatMap(({ resource, problems }) =>
      problems
        .filter((problem) => problem.active && problem.source === source)
        .map(({ facet, eventType, occurrences, since }) => {
          const newest = occurrences.at(-1);
          return { resource, facet, eventType, occurrence: newest?.id ?? '', occurredAt: newest?.at ?? since };
        }),
    );
  }

  async emit(event: ClusterEvent): Promise<void> {
    if (!this.isLeading) {
      throw new AppError('DW_INCIDENT_INTAKE_CLOSED', 'Incidents take no more events: Dogwatch is stopping.', {
        isRetryable: true,
      });
    }
    this.metrics.countEvent(event);
    await this.work(incidentKeyOf(event), (worker) => worker.emit(event));
  }

  async acknowledge(id: string, actor: Actor): Promise<IncidentSummary> {
    const summary = await this.command(id, { kind: 'acknowledge', actor });
    if (summary.status === 'resolved') {
      throw new AppError('DW_INCIDENT_RESOLVED', `Incident '${id}' is resolved: there is nothing left to acknowledge.`);
    }
    return summary;
  }

  close(id: string, actor: Actor, reason: string | null): Promise<IncidentSummary> {
    return this.command(id, { kind: 'close', actor, reason });
  }

  giveBack(duty: Duty): Promise<void> {
    this.duties.delete(duty);
    const given = this.taking.then(() => this.leave(duty));
    this.taking = given;
    return given;
  }

  private async leave(duty: Duty): Promise<void> {
    const isLast = !this.isLeading;
    if (isLast) {
      this.unfollow?.();
      this.unfollow = null;
    }
    const workers = [...this.workers.values()].filter((worker) => isLast || duty.covers(clusterOf(worker.key)));
    // What is written is guarded by the streams' versions, also when another replica leads already.
    const results = await Promise.allSettled(workers.map((worker) => worker.flush()));
    for (const result of results) if (result.status === 'rejected') this.noteFailure(result.reason);
    if (isLast) {
      for (const worker of workers) worker.drop();
      this.workers.clear();
    }
    this.showOpen();
  }

  private async read(duty: Duty): Promise<void> {
    // What is written while the rest is being read must not be missed.
    const afterPosition = await this.log.lastPosition();
    if (!this.isLeading) this.workers.clear();
    const open = await this.repository.loadOpen();
    const ids = new Set(open.map((incident) => incident.state.id));
    // What came from others and was not followed yet.
    for (const { openIncident, key } of [...this.workers.values()]) {
      const isOver = openIncident !== null && !ids.has(openIncident.state.id);
      if (isOver) await this.work(key, (worker) => worker.refresh(openIncident.version + 1));
    }
    for (const incident of open) {
      const { key } = incident.state;
      if (this.workers.has(key)) await this.work(key, (worker) => worker.refresh(incident.version));
      this.adopt(incident);
    }
    this.unfollow ??= this.tail.subscribe({
      name: 'IncidentBook',
      afterPosition,
      handle: (events) => this.follow(events),
    });
    this.duties.add(duty);
    this.showOpen();
    // What a rule had set off before another replica's duty ended, and was not carried out, is carried out now.
    for (const incident of this.openIncidents()) this.carryOut(incident);
  }

  private carryOut(incident: IncidentState): void {
    const duty = [...this.duties].find((one) => one.covers(incident.resource.cluster));
    if (duty !== undefined && !duty.signal.aborted) this.actions.carryOut(incident, duty.signal);
  }

  // Replicas that lead show what they cover, so that the sum is right.
  private showOpen(): void {
    const duties = [...this.duties];
    const own = this.openIncidents().filter(({ resource }) => duties.some((duty) => duty.covers(resource.cluster)));
    this.metrics.setOpen(own.length);
  }

  private async command(id: string, command: IncidentCommand): Promise<IncidentSummary> {
    const row = await this.log.getSummary(id);
    if (row?.kind !== 'incident') {
      throw new AppError('DW_INCIDENT_UNKNOWN', `There is no incident '${id}'. '/incident list' shows the open ones.`);
    }
    const { key } = readIncidentSummary(row);
    const newest = await this.work(key, (worker) => worker.command(id, command));
    if (newest?.state.id === id) return summarizeIncident(newest.state);
    return readIncidentSummary((await this.log.getSummary(id)) ?? row);
  }

  private async work<R>(key: string, act: (worker: KeyWorker) => Promise<R>): Promise<R> {
    const worker = this.workers.get(key) ?? this.newWorker(key, null);
    this.workers.set(key, worker);
    try {
      const result = await act(worker);
      this.lastFailure = null;
      return result;
    } catch (error) {
      this.noteFailure(error);
      throw error;
    } finally {
      // Whoever does not lead does not follow what others write: it asks the log each time.
      const isForgettable = worker.isIdle || (!this.isLeading && worker.isResting);
      if (isForgettable && this.workers.get(key) === worker) this.workers.delete(key);
    }
  }

  private adopt(incident: FoldedIncident): void {
    const { key } = incident.state;
    if (!this.workers.has(key)) this.workers.set(key, this.newWorker(key, incident));
  }

  /** Takes over what others have written: another replica's humans, or its last words as the leader. */
  private async follow(events: readonly StoredEvent[]): Promise<void> {
    const newest = new Map<string, number>();
    for (const { stream, type, version } of events) {
      const id = incidentIdOf(stream);
      if (id !== null && followedTypes.has(type)) newest.set(id, version);
    }
    for (const [id, version] of newest) if (this.isLeading) await this.followIncident(id, version);
  }

  private async followIncident(id: string, version: number): Promise<void> {
    const known = [...this.workers.values()].find((worker) => worker.openIncident?.state.id === id);
    if (known !== undefined) {
      await this.work(known.key, (worker) => worker.refresh(version));
    } else {
      const incident = await this.repository.load(id);
      if (incident === null || incident.state.status === 'resolved') return;
      this.adopt(incident);
    }
    const state = this.openIncidents().find((incident) => incident.id === id);
    if (state !== undefined) this.carryOut(state);
    this.showOpen();
  }

  private newWorker(key: string, incident: FoldedIncident | null): KeyWorker {
    return new KeyWorker(key, incident, {
      writer: this.writer,
      clock: this.clock,
      onWritten: (written) => this.afterWrite(written),
      onFlushFailed: (error) => this.noteFailure(error),
    });
  }

  private afterWrite({ draft }: WrittenWork): void {
    if (draft === null) return;
    this.metrics.countChange(draft);
    this.showOpen();
    const { id, key, title, status } = summarizeIncident(draft.state);
    for (const { type } of draft.events) {
      if (type !== 'opened' && type !== 'reopened' && type !== 'resolved') continue;
      this.logger.info(`incident_${type}`, `An incident was ${type}.`, { incident_id: id, key, title, status });
    }
    const isMatch = draft.events.some((event) => event.type === 'rule-matched');
    if (isMatch) this.carryOut(draft.state);
  }

  private noteFailure(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (this.lastFailure === null) {
      this.logger.error('incident_not_stored', 'A change of an incident could not be stored.', { error });
    }
    this.lastFailure = message;
  }
}

// The first part of every key.
function clusterOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}
