import type { ClusterObject, ContainerStatus, DetectionContext, Detector, Finding, PodObject } from '@dogwatch/core';
import { endOf, newestEndedRun, runOccurrence } from './container-run.js';
import { containerFacts, describeContainer } from './describe-container.js';
import { newestWarning } from './newest-warning.js';
import { hasRecovered, isFinished, RECOVERY_MS } from './pod-recovery.js';

const restartWindowMs = 10 * 60_000;
const restartLimit = 3;
const warningReasons = new Set(['BackOff', 'Unhealthy', 'Failed']);

/** Containers that keep crashing: waiting in CrashLoopBackOff, or restarted at least 3 times in 10 minutes. */
export const crashLoop: Detector = {
  eventType: 'crash_loop',
  kind: 'Pod',
  alsoReads: ['ReplicaSet'],
  rank: 6,
  title: 'is in a crash loop',
  severity: 'critical',
  forMs: 0,
  clearMs: RECOVERY_MS,

  detect(object: ClusterObject, context: DetectionContext): Finding | null {
    if (object.kind !== 'Pod' || isFinished(object)) return null;
    let newest: Finding | null = null;
    for (const container of object.containers) {
      if (!isCrashing(object, container, context)) continue;
      const finding = findingOf(object, container, context);
      if (newest === null || finding.occurredAt > newest.occurredAt) newest = finding;
    }
    return newest;
  },

  isWell(object: ClusterObject): boolean {
    return object.kind === 'Pod' && (object.ready || isFinished(object));
  },
};

function isCrashing(pod: PodObject, container: ContainerStatus, context: DetectionContext): boolean {
  if (container.waiting?.reason === 'CrashLoopBackOff') return true;
  if (container.restartCount < restartLimit || hasRecovered(pod, context)) return false;
  const since = context.now - restartWindowMs;
  return context.restartsOf(pod.uid, container.name).filter((at) => at > since).length >= restartLimit;
}

function findingOf(pod: PodObject, container: ContainerStatus, context: DetectionContext): Finding {
  const ended = newestEndedRun(container);
  const story = {
    pod,
    container,
    trouble: 'is in a crash loop',
    termination: ended?.termination ?? null,
    reason: container.waiting?.reason ?? null,
    warning: newestWarning(context.view, pod.uid, (event) => warningReasons.has(event.reason)),
  };
  return {
    message: describeContainer(story),
    occurrence: runOccurrence(pod, container, ended?.run ?? container.restartCount),
    occurredAt: ended ? endOf(ended, pod) : pod.createdAt,
    facts: containerFacts(story),
  };
}
