import type {
  ClusterObject,
  ClusterView,
  DeploymentObject,
  DetectionContext,
  Detector,
  EventObject,
  Finding,
  ObjectCondition,
} from '@dogwatch/core';
import { boundText } from './bound-text.js';
import { newestEndedRun } from './container-run.js';
import { describeTermination } from './describe-container.js';
import { describeWarning, newestWarning } from './newest-warning.js';

const replicaFailureForMs = 10_000;
const replicaFailureMark = '/ReplicaFailure/';
const warningReasons = new Set(['FailedCreate', 'ReplicaSetCreateError', 'DeploymentRollbackRevisionNotFound']);
const quietWaiting = new Set(['ContainerCreating', 'PodInitializing']);

/** Deployments that want replicas and have none available, or whose pods cannot be created. */
export const replicationFailure: Detector = {
  eventType: 'replication_failure',
  kind: 'Deployment',
  alsoReads: [],
  rank: 9,
  title: 'lacks available replicas',
  severity: 'critical',
  forMs: 60_000,
  clearMs: 60_000,
  steadyDuring: ['crash_loop', 'oom_killed'],

  detect(object: ClusterObject, context: DetectionContext): Finding | null {
    if (object.kind !== 'Deployment' || object.desired === 0) return null;
    const failure = trueReplicaFailure(object);
    if (failure) return failureFinding(object, failure, context.view);
    return object.available === 0 ? unavailableFinding(object, context.view) : null;
  },

  isWell(object: ClusterObject, context: DetectionContext): boolean {
    if (object.kind !== 'Deployment') return false;
    const wasReplicaFailure = context.raisedOccurrence?.includes(replicaFailureMark) === true;
    const needed = wasReplicaFailure ? object.desired : Math.min(1, object.desired);
    return trueReplicaFailure(object) === null && object.available >= needed;
  },
};

function trueReplicaFailure(deployment: DeploymentObject): ObjectCondition | null {
  return deployment.conditions.find((one) => one.type === 'ReplicaFailure' && one.status === 'True') ?? null;
}

function failureFinding(deployment: DeploymentObject, failure: ObjectCondition, view: ClusterView): Finding {
  const since = failure.since ?? deployment.createdAt;
  const detail = failure.message ?? '';
  return {
    message: joinSentences([
      `Deployment '${boundText(deployment.name, 120)}' cannot create its pods${failure.reason === null ? '' : ` (${boundText(failure.reason, 120)})`}: ${availability(deployment)}.`,
      boundText(detail, 240),
      detail === '' ? describeNewest(deployment, view) : '',
    ]),
    occurrence: `${deployment.uid}${replicaFailureMark}${since}`,
    occurredAt: since,
    facts: factsOf(deployment, failure.reason),
    forMs: replicaFailureForMs,
  };
}

function unavailableFinding(deployment: DeploymentObject, view: ClusterView): Finding {
  const available = deployment.conditions.find((one) => one.type === 'Available' && one.status !== 'True');
  const since = available?.since ?? deployment.createdAt;
  return {
    message: joinSentences([
      `Deployment '${boundText(deployment.name, 120)}' has no available replica: ${availability(deployment)}.`,
      describePods(deployment, view),
      describeNewest(deployment, view),
    ]),
    occurrence: `${deployment.uid}/Available/${since}`,
    occurredAt: since,
    facts: factsOf(deployment, available?.reason ?? null),
  };
}

function availability(deployment: DeploymentObject): string {
  return `${deployment.available} of ${deployment.desired} ${deployment.desired === 1 ? 'is' : 'are'} available`;
}

function factsOf(deployment: DeploymentObject, reason: string | null) {
  return { desired: deployment.desired, available: deployment.available, ready: deployment.ready, reason };
}

function joinSentences(sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

// Says no restart counts: they would make a new message of every restart.
function describePods(deployment: DeploymentObject, view: ClusterView): string {
  for (const pod of view.podsOf(deployment.uid)) {
    if (pod.deletedAt !== null || pod.ready) continue;
    const unscheduled = pod.conditions.find((one) => one.type === 'PodScheduled' && one.status === 'False');
    if (unscheduled?.message) return `A pod is unscheduled: ${boundText(unscheduled.message, 200)}`;
    for (const container of pod.containers) {
      const where = `Container '${boundText(container.name, 120)}' (${boundText(container.image, 200)}) on node ${boundText(pod.nodeName ?? '-', 120)}`;
      const ended = newestEndedRun(container);
      if (ended && !(container.isInit && ended.termination.exitCode === 0)) {
        return `${where} ended with ${describeTermination(ended.termination)}.`;
      }
      const waiting = container.waiting?.reason ?? null;
      if (waiting !== null && !quietWaiting.has(waiting)) return `${where} is waiting: ${boundText(waiting, 120)}.`;
    }
  }
  return '';
}

// A ReplicaSet is the one that fails to create pods, so most events are about it.
function describeNewest(deployment: DeploymentObject, view: ClusterView): string {
  let newest: EventObject | null = null;
  const uids = [deployment.uid];
  for (const replicaSet of view.controlledBy('ReplicaSet', deployment.uid)) uids.push(replicaSet.uid);
  for (const uid of uids) {
    const warning = newestWarning(view, uid, (event) => warningReasons.has(event.reason));
    if (warning && (newest === null || warning.lastSeenAt > newest.lastSeenAt)) newest = warning;
  }
  return newest ? describeWarning(newest) : '';
}
