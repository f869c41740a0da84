import type { SeenOccurrence } from './incident-events.js';

/** Occurrences that a facet remembers; enough for the resends of every pod of a large Deployment. */
export const MAX_REMEMBERED_OCCURRENCES = 128;

/** Whether this occurrence, or one so old that it may have been forgotten, has been counted already. */
export function isCounted(seen: readonly SeenOccurrence[], occurrence: SeenOccurrence): boolean {
  if (seen.some((one) => one.id === occurrence.id)) return true;
  if (seen.length < MAX_REMEMBERED_OCCURRENCES) return false;
  return seen.every((one) => Date.parse(one.at) > Date.parse(occurrence.at));
}

/** Remembers an occurrence; the oldest is forgotten when there are too many. */
export function remember(seen: readonly SeenOccurrence[], occurrence: SeenOccurrence): readonly SeenOccurrence[] {
  const others = seen.filter((one) => one.id !== occurrence.id);
  const all = [...others, occurrence].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return all.slice(-MAX_REMEMBERED_OCCURRENCES);
}

/**
 * Whether an occurrence may raise a facet again that was cleared at `clearedAt`.
 *
 * Kubernetes' times are whole seconds, so within the second of the clearing only an occurrence that was never seen counts.
 */
export function isNewerThanClearing(
  occurrence: SeenOccurrence,
  clearing: { readonly clearedAt: string; readonly occurrences: readonly SeenOccurrence[] },
): boolean {
  const known = clearing.occurrences.find((one) => one.id === occurrence.id);
  const at = Date.parse(occurrence.at);
  if (known !== undefined && Date.parse(known.at) >= at) return false;
  const clearedAt = Date.parse(clearing.clearedAt);
  if (at > clearedAt) return true;
  return known === undefined && Math.floor(at / 1000) === Math.floor(clearedAt / 1000);
}
