import type { JsonValue, LiveObject, Settlement } from '@dogwatch/core';
import { asWorkload, liveTemplate } from './deployment-target.js';
import { RUN_ANNOTATION } from './raw-object.js';
import { isSameTemplate } from './template-identity.js';

/** What is known about an effect on a Deployment's template whose outcome nobody recorded. */
export interface SettleQuestion {
  /** The Deployment now; `null` when it is gone. */
  readonly now: LiveObject | null;
  /** The Deployment as it was compared right before the effect. */
  readonly before: LiveObject;
  readonly runId: string;
  /** Whether a template is what the effect would have made. */
  isResult(template: JsonValue): boolean;
}

/**
 * Says whether the effect has happened. Every effect writes the run's id beside the template in one patch: the id proves that
 * it happened; the old template beside the old id proves that it did not; anything else proves nothing.
 */
export function settleDeployment({ now, before, runId, isResult }: SettleQuestion): Settlement {
  if (now === null || now.uid !== before.uid) return 'unknown';
  const template = liveTemplate(now);
  const lastRun = runOf(now);
  // An earlier step of the same run may have left its id there: then the template must have become the result since.
  const isNew = runOf(before) !== runId || (isResult(template) && !isResult(liveTemplate(before)));
  if (lastRun === runId && isNew) return 'done';
  // Another run's id may have been written over ours.
  const isUntouched = lastRun === runOf(before) && isSameTemplate(template, liveTemplate(before));
  return isUntouched ? 'not-done' : 'unknown';
}

function runOf(live: LiveObject): string | undefined {
  return asWorkload(live).metadata.annotations?.[RUN_ANNOTATION];
}
