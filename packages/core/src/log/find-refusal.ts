import type { AppendBatch, AppendResult, SummaryWrite } from '../ports/incident-log.js';
import { checkReplacement } from './check-log-input.js';

/** What never changes of a summary. */
export type SummaryIdentity = Pick<SummaryWrite, 'kind' | 'stream' | 'at' | 'key'>;

/** What a store must know about itself to decide on an append. */
export interface LogState {
  /** How many events a stream holds; 0 for one that does not exist. */
  versionOf(stream: string): number;
  /** The summary with an id, whatever its kind and also if archived, or `null`. */
  identityOf(id: string): SummaryIdentity | null;
  /** The ids of the open incidents that have a key. */
  holdersOf(key: string): readonly string[];
}

/**
 * Decides on a batch that `checkAppendBatch` took: `null` when it may be written. Throws `DW_LOG_INPUT_INVALID` for a
 * replacement that replaces nothing, or changes what never changes. For implementers of `IncidentLog`.
 */
export function findRefusal(batch: AppendBatch, state: LogState): (AppendResult & { readonly ok: false }) | null {
  for (const { stream, expectedVersion } of batch.appends) {
    const actualVersion = state.versionOf(stream);
    if (expectedVersion !== 'any' && expectedVersion !== actualVersion) {
      return { ok: false, reason: 'version-conflict', stream, actualVersion };
    }
  }
  const summaries = batch.summaries ?? [];
  const identities = summaries.map((summary) => state.identityOf(summary.id));
  for (const [index, { id, isNew }] of summaries.entries()) {
    if (isNew && identities[index]) return { ok: false, reason: 'id-taken', id };
  }
  for (const [index, summary] of summaries.entries()) {
    if (!summary.isNew) checkReplacement(summary, identities[index] ?? null);
  }
  return findTakenKey(summaries, state);
}

function findTakenKey(
  summaries: readonly SummaryWrite[],
  state: LogState,
): (AppendResult & { readonly ok: false }) | null {
  const written = new Set(summaries.map((summary) => summary.id));
  for (const { kind, open, key } of summaries) {
    if (kind !== 'incident' || !open || key === null) continue;
    // What the batch itself writes has been checked: of those, one at most stays open.
    const id = state.holdersOf(key).find((holder) => !written.has(holder));
    if (id !== undefined) return { ok: false, reason: 'key-taken', key, id };
  }
  return null;
}
