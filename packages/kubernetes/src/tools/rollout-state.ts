import type { RawWorkload } from './raw-object.js';

/** How far a Deployment's rollout is. */
export interface RolloutState {
  readonly status: 'complete' | 'progressing' | 'stuck' | 'paused';
  /** In one sentence, for people. */
  readonly message: string;
  readonly desired: number;
  readonly updated: number;
  readonly available: number;
}

function describe(raw: RawWorkload, counts: Pick<RolloutState, 'desired' | 'updated' | 'available'>): string {
  const { desired, updated, available } = counts;
  const total = raw.status?.replicas ?? 0;
  if (updated < desired) return `${updated} of ${desired} replicas are of the newest revision.`;
  if (total > updated) return `${total - updated} replicas of older revisions are still to end.`;
  return `${available} of ${desired} replicas are available.`;
}

/** Judges a rollout as kubectl does: by what the controller has observed. */
export function rolloutState(raw: RawWorkload): RolloutState {
  const { metadata, spec, status } = raw;
  const desired = spec.replicas ?? 1;
  const counts = { desired, updated: status?.updatedReplicas ?? 0, available: status?.availableReplicas ?? 0 };
  const stuck = status?.conditions?.find(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  );
  const isObserved = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  if (!isObserved) {
    return { ...counts, status: 'progressing', message: 'The controller has not seen the newest change yet.' };
  }
  if (stuck !== undefined) return { ...counts, status: 'stuck', message: stuck.message ?? 'Its deadline is over.' };
  const message = describe(raw, counts);
  const isComplete =
    counts.updated >= desired && (status?.replicas ?? 0) <= counts.updated && counts.available >= counts.updated;
  if (isComplete) return { ...counts, status: 'complete', message };
  return { ...counts, status: spec.paused === true ? 'paused' : 'progressing', message };
}
