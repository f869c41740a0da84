import type { ClusterObject, ContainerStatus, DetectionContext, Detector, Finding, PodObject } from '@dogwatch/core';
import { boundText } from './bound-text.js';
import { endOf, hasStarted, newestEndedRun, runOccurrence } from './container-run.js';
import { containerFacts, describeContainer } from './describe-container.js';
import { newestWarning, withoutCredentials } from './newest-warning.js';
import { isFinished } from './pod-recovery.js';

const pullReasons = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);
const warningReasons = new Set(['Failed', 'InspectFailed', 'ErrImageNeverPull']);

/** Containers that cannot start because their image cannot be had. */
export const imagePullFailed: Detector = {
  eventType: 'image_pull_failed',
  kind: 'Pod',
  alsoReads: ['ReplicaSet'],
  rank: 3,
  title: 'cannot pull its image',
  severity: 'high',
  forMs: 0,
  clearMs: 0,

  detect(object: ClusterObject, context: DetectionContext): Finding | null {
    if (object.kind !== 'Pod' || isFinished(object)) return null;
    let newest: Finding | null = null;
    for (const container of object.containers) {
      if (!isPullFailing(container)) continue;
      const finding = findingOf(object, container, context);
      if (newest === null || finding.occurredAt > newest.occurredAt) newest = finding;
    }
    return newest;
  },

  isWell(object: ClusterObject): boolean {
    if (object.kind !== 'Pod') return false;
    if (isFinished(object)) return true;
    return (
      object.containers.length > 0 &&
      object.containers.every((container) => hasStarted(container) && !isPullFailing(container))
    );
  },
};

function isPullFailing(container: ContainerStatus): boolean {
  return container.waiting?.reason != null && pullReasons.has(container.waiting.reason);
}

function findingOf(pod: PodObject, container: ContainerStatus, context: DetectionContext): Finding {
  const ended = newestEndedRun(container);
  // "Error: ImagePullBackOff" repeats for ever and explains nothing; the reason is in the event before it.
  const warning = newestWarning(
    context.view,
    pod.uid,
    (event) => warningReasons.has(event.reason) && !/^Error: \w+$/.test(event.message),
  );
  const story = {
    pod,
    container,
    trouble: 'cannot pull its image',
    termination: null,
    reason: container.waiting?.reason ?? null,
    warning,
  };
  const explanation = warning ? '' : boundText(withoutCredentials(container.waiting?.message ?? ''), 240);
  return {
    message: explanation === '' ? describeContainer(story) : `${describeContainer(story)} ${explanation}`,
    // Counts the starts so far, so that failing again after a run is told from the first failure.
    occurrence: runOccurrence(pod, container, container.restartCount + (ended ? 1 : 0)),
    occurredAt: ended ? endOf(ended, pod) : pod.createdAt,
    facts: containerFacts(story),
  };
}
