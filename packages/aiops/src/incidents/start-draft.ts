import type { ProblemObserved } from '@dogwatch/core';
import type { PendingFacetEvent } from './facet-mailbox.js';
import { IncidentDraft } from './incident-draft.js';
import type { Clearing } from './incident-events.js';
import { incidentKeyOf } from './incident-key.js';
import type { FoldedIncident } from './incident-repository.js';
import type { IncidentState } from './incident-state.js';
import { facetKey } from './problem-state.js';
import { raisingOccurrences } from './record-problems.js';

/** How long after its end an incident is reopened rather than followed by a new one. */
export const REOPEN_WITHIN_MS = 15 * 60_000;

const maxCarriedClearings = 50;

/** What a draft begins from. */
export interface DraftInput {
  /** The newest incident of the key, or `null`. */
  readonly newest: FoldedIncident | null;
  readonly entries: readonly PendingFacetEvent[];
  readonly now: number;
  /** Makes an id for a new incident. */
  nextId(): string;
}

/**
 * Begins the draft of what came in: on the open incident of the key, on one that ended a short while ago, or on a new
 * one; `null` when there is no open incident and nothing that came in may open one.
 */
export function startDraft({ newest, entries, now, nextId }: DraftInput): IncidentDraft | null {
  const at = new Date(now).toISOString();
  if (newest !== null && newest.state.status !== 'resolved') return new IncidentDraft({ ...draftOf(newest), at });
  const raising = findRaising(newest?.state ?? null, entries);
  if (raising === null) return null;
  if (newest !== null && now - Date.parse(newest.state.resolvedAt ?? '') < REOPEN_WITHIN_MS) {
    const draft = new IncidentDraft({ ...draftOf(newest), at });
    draft.add('reopened', { times: newest.state.reopenings + 1 });
    return draft;
  }
  const draft = new IncidentDraft({ id: nextId(), state: null, version: 0, at });
  draft.add('opened', {
    key: incidentKeyOf(raising),
    resource: raising.resource,
    previousIncident: newest?.state.id ?? null,
    clearings: newest === null ? [] : collectClearings(newest.state),
  });
  return draft;
}

function draftOf({ state, version }: FoldedIncident): Pick<IncidentDraft, 'id'> & FoldedIncident {
  return { id: state.id, state, version };
}

function findRaising(state: IncidentState | null, entries: readonly PendingFacetEvent[]): ProblemObserved | null {
  for (const entry of entries) {
    if (entry.kind === 'observed' && raisingOccurrences(state, entry).length > 0) return entry.newest;
  }
  return null;
}

function collectClearings(state: IncidentState): readonly Clearing[] {
  const clearings = new Map(state.clearings.map((clearing) => [facetKey(clearing), clearing]));
  for (const problem of state.problems) {
    const { source, facet, clearedAt, occurrences } = problem;
    if (clearedAt !== null) clearings.set(facetKey(problem), { source, facet, clearedAt, occurrences });
  }
  return [...clearings.values()]
    .sort((a, b) => Date.parse(b.clearedAt) - Date.parse(a.clearedAt))
    .slice(0, maxCarriedClearings);
}
