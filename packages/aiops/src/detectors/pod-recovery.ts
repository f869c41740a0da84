import type { DetectionContext, PodObject } from '@dogwatch/core';

/** How long a pod must be Ready without a restart to count as recovered from a crash. */
export const RECOVERY_MS = 60_000;

/** Whether the pod has ended for good: it will not start again. */
export function isFinished(pod: PodObject): boolean {
  return pod.phase === 'Succeeded' || pod.phase === 'Failed';
}

/**
 * Whether the pod had recovered before anybody looked: Ready, and no restart, for `RECOVERY_MS`. Without it a crash that is
 * long over would open an incident when Dogwatch starts.
 */
export function hasRecovered(pod: PodObject, context: DetectionContext): boolean {
  const readySince = pod.conditions.find(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  )?.since;
  if (readySince === undefined || readySince === null) return false;
  const recoveredBy = context.now - RECOVERY_MS;
  return (
    readySince <= recoveredBy &&
    pod.containers.every((container) => (context.restartsOf(pod.uid, container.name).at(-1) ?? 0) <= recoveredBy)
  );
}
