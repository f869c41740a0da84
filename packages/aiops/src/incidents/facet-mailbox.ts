import type { ClusterEvent, ProblemCleared, ProblemObserved } from '@dogwatch/core';
import type { SeenOccurrence } from './incident-events.js';
import { isCounted, isNewerThanClearing, MAX_REMEMBERED_OCCURRENCES, remember } from './occurrence-window.js';
import { facetKey } from './problem-state.js';

/** Observations of one facet, merged to one. */
export interface PendingObservation {
  readonly kind: 'observed';
  /** The one that came last. */
  readonly newest: ProblemObserved;
  /** Distinct ones, oldest first. */
  readonly occurrences: readonly SeenOccurrence[];
  /** Further distinct ones that were too many to remember. */
  readonly forgotten: number;
}

/** What waits for one facet, in order; observations and clearings take turns. */
export type PendingFacetEvent = PendingObservation | { readonly kind: 'cleared'; readonly newest: ProblemCleared };

/** The observation of one event. */
export function pendingObservation(event: ProblemObserved): PendingObservation {
  const occurrence = { id: event.occurrence, at: event.occurredAt };
  return { kind: 'observed', newest: event, occurrences: [occurrence], forgotten: 0 };
}

/** One observation for two, `b` being the later one; no occurrence is counted twice. */
export function mergeObservations(a: PendingObservation, b: PendingObservation): PendingObservation {
  let { occurrences, forgotten } = a;
  for (const occurrence of b.occurrences) {
    if (isCounted(occurrences, occurrence)) continue;
    if (occurrences.length === MAX_REMEMBERED_OCCURRENCES) forgotten += 1;
    occurrences = remember(occurrences, occurrence);
  }
  return { kind: 'observed', newest: b.newest, occurrences, forgotten: forgotten + b.forgotten };
}

/**
 * What waits for one incident key while it is busy: bounded by its facets, whatever comes in.
 *
 * Of a facet that comes and goes while it waits, all occurrences, the last clearing and what came after it are kept.
 */
export class FacetMailbox {
  private readonly facets = new Map<string, PendingFacetEvent[]>();

  get isEmpty(): boolean {
    return this.facets.size === 0;
  }

  add(event: ClusterEvent): void {
    const key = facetKey(event);
    const pending = this.facets.get(key) ?? [];
    this.facets.set(key, append(pending, event));
  }

  /** Everything that waits: all of one facet in order. */
  *entries(): Iterable<PendingFacetEvent> {
    for (const pending of this.facets.values()) yield* pending;
  }
}

function append(pending: readonly PendingFacetEvent[], event: ClusterEvent): PendingFacetEvent[] {
  const last = pending.at(-1);
  if (event.kind === 'observed') {
    const observation = pendingObservation(event);
    return last?.kind === 'observed'
      ? [...pending.slice(0, -1), mergeObservations(last, observation)]
      : [...pending, observation];
  }
  // What is cleared already ended then, not now.
  if (last?.kind === 'cleared') return [...pending];
  return mergeEpisodes([...pending, { kind: 'cleared', newest: event }]);
}

/**
 * Two episodes that both ended while they waited become one; an observation after a clearing is kept apart, for it may be
 * an old one. An episode of old occurrences alone never was: its end is none.
 */
function mergeEpisodes(pending: PendingFacetEvent[]): PendingFacetEvent[] {
  const [earlier, between, later, end] = pending.slice(-4);
  if (earlier?.kind !== 'observed' || later?.kind !== 'observed') return pending;
  if (between?.kind !== 'cleared' || end === undefined) return pending;
  const clearing = { clearedAt: between.newest.clearedAt, occurrences: earlier.occurrences };
  if (!later.occurrences.some((one) => isNewerThanClearing(one, clearing))) return pending.slice(0, -2);
  return [...pending.slice(0, -4), mergeObservations(earlier, later), end];
}
