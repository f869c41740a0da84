import type { ClusterObject, ContainerStatus, DetectionContext, Detector, Finding, PodObject } from '@dogwatch/core';
import { endOf, newestEndedRun, runOccurrence } from './container-run.js';
import type { EndedRun } from './container-run.js';
import { containerFacts, describeContainer } from './describe-container.js';
import { newestWarning } from './newest-warning.js';
import { hasRecovered, RECOVERY_MS } from './pod-recovery.js';

const windowMs = 10 * 60_000;
const warningReasons = new Set(['OOMKilling', 'BackOff', 'Failed']);

/** Containers that the kernel killed because they used more memory than their limit, now or last, within 10 minutes. */
export const oomKilled: Detector = {
  eventType: 'oom_killed',
  kind: 'Pod',
  alsoReads: ['ReplicaSet'],
  rank: 2,
  title: 'runs out of memory',
  severity: 'critical',
  forMs: 0,
  clearMs: RECOVERY_MS,

  detect(object: ClusterObject, context: DetectionContext): Finding | null {
    if (object.kind !== 'Pod' || object.phase === 'Succeeded' || hasRecovered(object, context)) return null;
    let newest: Finding | null = null;
    for (const container of object.containers) {
      const killed = recentKill(object, container, context.now);
      if (!killed) continue;
      const finding = findingOf(object, container, killed, context);
      if (newest === null || finding.occurredAt > newest.occurredAt) newest = finding;
    }
    return newest;
  },

  isWell(object: ClusterObject, context: DetectionContext): boolean {
    if (object.kind !== 'Pod') return false;
    if (object.phase !== 'Failed') return object.ready || object.phase === 'Succeeded';
    // A failed pod never gets Ready: its kill counts until it is out of the window.
    return object.containers.every((container) => recentKill(object, container, context.now) === null);
  },
};

function recentKill(pod: PodObject, container: ContainerStatus, now: number): EndedRun | null {
  const ended = newestEndedRun(container);
  return ended?.termination.reason === 'OOMKilled' && endOf(ended, pod) > now - windowMs ? ended : null;
}

function findingOf(pod: PodObject, container: ContainerStatus, killed: EndedRun, { view }: DetectionContext): Finding {
  const story = {
    pod,
    container,
    trouble: 'was killed for using more memory than it may',
    termination: killed.termination,
    reason: null,
    warning: newestWarning(view, pod.uid, (event) => warningReasons.has(event.reason)),
  };
  return {
    message: describeContainer(story),
    occurrence: runOccurrence(pod, container, killed.run),
    occurredAt: endOf(killed, pod),
    facts: containerFacts(story),
  };
}
