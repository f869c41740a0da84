import type { ClusterEvent, ProblemCleared, ProblemObserved } from '@dogwatch/core';
import type { SeenOccurrence } from './incident-events.js';
import { isCounted, MAX_REMEMBERED_OCCURRENCES, remember } from './occurrence-window.js';
import { facetKey } from './problem-state.js';

/** Observations and clearings of one facet that wait for their order to matter; more of them are merged, the oldest first. */
export const MAX_PENDING_OF_FACET = 32;

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
 * What is merged leaves the facet as one-by-one work would, as long as no more than {@link MAX_PENDING_OF_FACET} wait.
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
  return shorten([...pending, { kind: 'cleared', newest: event }]);
}

/**
 * Merges the episode that just ended with the one before, if it certainly was one: something happened after the clearing
 * before it. Whether older occurrences raise the facet is known only where they are recorded, so such an episode is kept.
 */
function shorten(pending: readonly PendingFacetEvent[]): PendingFacetEvent[] {
  const later = pending.length - 2;
  if (happenedSinceClearing(pending, later)) return mergeWithEarlier(pending, later);
  if (pending.length <= MAX_PENDING_OF_FACET) return [...pending];
  return mergeWithEarlier(pending, pending[0]?.kind === 'observed' ? 2 : 1);
}

function happenedSinceClearing(pending: readonly PendingFacetEvent[], index: number): boolean {
  const [clearing, observation] = [pending[index - 1], pending[index]];
  if (clearing?.kind !== 'cleared' || observation?.kind !== 'observed') return false;
  const clearedAt = Date.parse(clearing.newest.clearedAt);
  const before = pending.slice(0, index).flatMap((one) => (one.kind === 'observed' ? one.occurrences : []));
  return observation.occurrences.some((one) => Date.parse(one.at) > clearedAt && !isCounted(before, one));
}

/** Lets the observation at `index` take the place of the clearing before it, and of the observation before that. */
function mergeWithEarlier(pending: readonly PendingFacetEvent[], index: number): PendingFacetEvent[] {
  const [earlier, observation] = [pending[index - 2], pending[index]];
  if (observation?.kind !== 'observed') return [...pending];
  const merged = earlier?.kind === 'observed' ? mergeObservations(earlier, observation) : observation;
  return [...pending.slice(0, Math.max(0, index - 2)), merged, ...pending.slice(index + 1)];
}
