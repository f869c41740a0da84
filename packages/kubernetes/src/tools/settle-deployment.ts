import type { LiveObject, Settlement } from '@dogwatch/core';
import { asWorkload } from './deployment-target.js';
import { RUN_ANNOTATION } from './raw-object.js';

/** What is known about an effect on a part of a Deployment whose outcome nobody recorded. */
export interface SettleQuestion {
  /** The Deployment now; `null` when it is gone. */
  readonly now: LiveObject | null;
  /** The Deployment as it was compared right before the effect. */
  readonly before: LiveObject;
  readonly runId: string;
  /** The part that the effect changes, as a text that is equal for equal parts. */
  readPart(live: LiveObject): string;
  /** Whether a Deployment is what the effect would have made of it. */
  isResult(live: LiveObject): boolean;
}

/**
 * Says whether the effect has happened. Every effect writes the run's id beside the part in one patch: the id proves that
 * it happened; the old part beside the old id proves that it did not; anything else proves nothing.
 */
export function settleDeployment({ now, before, runId, readPart, isResult }: SettleQuestion): Settlement {
  if (now === null || now.uid !== before.uid) return 'unknown';
  const lastRun = runOf(now);
  // An earlier step of the same run may have left its id there: then the part must have become the result since.
  const isNew = runOf(before) !== runId || (isResult(now) && !isResult(before));
  if (lastRun === runId && isNew) return 'done';
  // Another run's id may have been written over ours.
  const isUntouched = lastRun === runOf(before) && readPart(now) === readPart(before);
  return isUntouched ? 'not-done' : 'unknown';
}

function runOf(live: LiveObject): string | undefined {
  return asWorkload(live).metadata.annotations?.[RUN_ANNOTATION];
}
