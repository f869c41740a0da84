import type { ClusterEvent } from '@dogwatch/core';
import { mergeObservations } from './facet-mailbox.js';
import type { PendingFacetEvent, PendingObservation } from './facet-mailbox.js';
import type { IncidentDraft } from './incident-draft.js';
import type { SeenOccurrence } from './incident-events.js';
import { clearingOf } from './incident-state.js';
import type { IncidentState } from './incident-state.js';
import { isCounted, isNewerThanClearing, MAX_REMEMBERED_OCCURRENCES } from './occurrence-window.js';
import type { ProblemCatalog } from './problem-catalog.js';
import { facetKey } from './problem-state.js';
import type { ProblemState } from './problem-state.js';

/** How long repeats of a known problem may stay out of the log. */
export const REPEAT_INTERVAL_MS = 5 * 60_000;

/** Repeats of known problems that the log has not heard of, by facet. */
export type Repeats = ReadonlyMap<string, PendingObservation>;

/** What recording goes by. */
export interface RecordingRules {
  readonly catalog: ProblemCatalog;
  /** Every `min_count` that some rule names. */
  readonly minCounts: readonly number[];
}

type Clearable = Pick<IncidentState, 'problems' | 'clearings'>;

/** The occurrences of an observation that may raise its facet in an incident where it is not active; empty = it stays down. */
export function raisingOccurrences(state: Clearable | null, pending: PendingObservation): readonly SeenOccurrence[] {
  if (state === null) return pending.occurrences;
  const problem = state.problems.find((one) => facetKey(one) === facetKey(pending.newest));
  const clearedAt = problem?.clearedAt ?? null;
  const clearing =
    problem !== undefined && clearedAt !== null
      ? { clearedAt, occurrences: problem.occurrences }
      : clearingOf(state, pending.newest);
  if (clearing === undefined) return pending.occurrences;
  return pending.occurrences.filter((occurrence) => isNewerThanClearing(occurrence, clearing));
}

/** Puts what came in into a draft; answers the repeats that stay out of the log for now. */
export function recordProblems(
  draft: IncidentDraft,
  input: {
    readonly entries: Iterable<PendingFacetEvent>;
    readonly repeats: Repeats;
    /** Also repeats that are not due go into the log. */
    readonly mustRecord: boolean;
  },
  rules: RecordingRules,
): Repeats {
  const recorder = new ProblemRecorder(draft, new Map(input.repeats), rules);
  for (const entry of input.entries) recorder.take(entry);
  recorder.takeDueRepeats();
  if (draft.events.length > 0 || input.mustRecord) recorder.takeAllRepeats();
  return recorder.repeats;
}

class ProblemRecorder {
  constructor(
    private readonly draft: IncidentDraft,
    readonly repeats: Map<string, PendingObservation>,
    private readonly rules: RecordingRules,
  ) {}

  take(entry: PendingFacetEvent): void {
    if (entry.kind === 'cleared') this.clear(entry.newest);
    else this.observe(entry);
  }

  takeDueRepeats(): void {
    this.takeRepeats((problem) => this.isDue(problem));
  }

  takeAllRepeats(): void {
    this.takeRepeats(() => true);
  }

  private takeRepeats(isWanted: (problem: ProblemState) => boolean): void {
    for (const [key, pending] of [...this.repeats]) {
      const problem = this.find(pending.newest);
      if (problem?.active !== true) this.repeats.delete(key);
      else if (isWanted(problem)) this.record(problem, pending);
    }
  }

  private clear(event: Extract<ClusterEvent, { kind: 'cleared' }>): void {
    const problem = this.find(event);
    if (problem?.active !== true) return;
    const repeats = this.repeats.get(facetKey(event));
    if (repeats !== undefined) this.record(problem, repeats);
    const { source, facet, clearedAt, reason } = event;
    this.draft.add('problem-cleared', { source, facet, eventType: problem.eventType, clearedAt, reason });
  }

  private observe(pending: PendingObservation): void {
    const problem = this.find(pending.newest);
    if (problem?.active === true) this.repeat(problem, pending);
    else this.raise(problem, pending);
  }

  private raise(problem: ProblemState | undefined, pending: PendingObservation): void {
    const occurrences = raisingOccurrences(this.draft.state, pending);
    if (occurrences.length > 0) this.record(problem, { ...pending, occurrences });
  }

  private repeat(problem: ProblemState, pending: PendingObservation): void {
    const key = facetKey(problem);
    const before = this.repeats.get(key);
    const merged = before === undefined ? pending : mergeObservations(before, pending);
    if (this.changesState(problem, merged) || this.isDue(problem)) {
      this.record(problem, merged);
    } else if (countNew(problem, merged) > 0 || merged.newest.message !== problem.message) {
      this.repeats.set(key, merged);
    }
  }

  private changesState(problem: ProblemState, pending: PendingObservation): boolean {
    const { newest } = pending;
    if (newest.severity !== problem.severity || newest.eventType !== problem.eventType) return true;
    const count = problem.count + countNew(problem, pending);
    return this.rules.minCounts.some((threshold) => problem.count < threshold && threshold <= count);
  }

  private isDue(problem: ProblemState): boolean {
    return Date.parse(this.draft.at) - Date.parse(problem.recordedAt) >= REPEAT_INTERVAL_MS;
  }

  private record(problem: ProblemState | undefined, pending: PendingObservation): void {
    const { newest } = pending;
    this.repeats.delete(facetKey(newest));
    const known = problem?.occurrences ?? clearingOf(this.draft.state, newest)?.occurrences ?? [];
    const fresh = pending.occurrences.filter((occurrence) => !isCounted(known, occurrence));
    const count = (problem?.count ?? 0) + fresh.length + pending.forgotten;
    const { rank, phrase } = this.rules.catalog.describe(newest);
    this.draft.add('problem-observed', {
      source: newest.source,
      facet: newest.facet,
      eventType: newest.eventType,
      rank,
      phrase,
      severity: newest.severity,
      message: newest.message,
      labels: newest.labels,
      facts: newest.facts,
      since: problem?.since ?? earliest(pending.occurrences),
      lastSeenAt: this.draft.at,
      count: Math.max(count, 1),
      occurrences: fresh.slice(-MAX_REMEMBERED_OCCURRENCES),
    });
  }

  private find(facet: { readonly source: string; readonly facet: string }): ProblemState | undefined {
    return this.draft.state.problems.find((problem) => facetKey(problem) === facetKey(facet));
  }
}

function countNew(problem: ProblemState, pending: PendingObservation): number {
  return pending.occurrences.filter((one) => !isCounted(problem.occurrences, one)).length + pending.forgotten;
}

function earliest(occurrences: readonly SeenOccurrence[]): string {
  return occurrences.reduce(
    (first, one) => (Date.parse(one.at) < Date.parse(first) ? one.at : first),
    occurrences[0]?.at ?? '',
  );
}
