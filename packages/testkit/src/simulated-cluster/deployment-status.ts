import { formatTime } from './kube-object.js';
import { resolveLimits } from './rolling-update.js';
import {
  setCondition,
  type Condition,
  type Deployment,
  type ReplicaSet,
  type WorkloadStatus,
} from './workload-objects.js';

/** What the Deployment controller saw when it writes a status. */
export interface DeploymentSight {
  readonly deployment: Deployment;
  readonly current: ReplicaSet | undefined;
  readonly sets: readonly ReplicaSet[];
  /** Set when the current ReplicaSet was made just now. */
  readonly isNewSet: boolean;
  /** Simulated milliseconds since the rollout last made progress. */
  readonly stalledMs: number;
  readonly nowMs: number;
}

function total(sets: readonly ReplicaSet[], count: 'replicas' | 'readyReplicas' | 'availableReplicas'): number {
  return sets.reduce((sum, set) => sum + (set.status[count] ?? 0), 0);
}

function countReplicas({ deployment, current, sets }: DeploymentSight): WorkloadStatus {
  const replicas = total(sets, 'replicas');
  const available = total(sets, 'availableReplicas');
  const counts = {
    replicas,
    updatedReplicas: current?.status.replicas ?? 0,
    readyReplicas: total(sets, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, Math.max(replicas, deployment.spec.replicas) - available),
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** Says whether every replica is of the newest template and available. */
export function isComplete(deployment: Deployment, status: WorkloadStatus): boolean {
  const { replicas } = deployment.spec;
  const counts = [status.updatedReplicas, status.replicas, status.availableReplicas];
  return counts.every((count) => (count ?? 0) === replicas);
}

function hasProgressed(before: WorkloadStatus, after: WorkloadStatus): boolean {
  const oldOf = (status: WorkloadStatus): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldOf(after) < oldOf(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>;

function progressVerdict(sight: DeploymentSight, after: WorkloadStatus): Verdict | null {
  const { deployment, current } = sight;
  const before = deployment.status.conditions?.find(({ type }) => type === 'Progressing');
  const set = `ReplicaSet "${current?.metadata.name ?? ''}"`;
  if (current && isComplete(deployment, after)) {
    return { status: 'True', reason: 'NewReplicaSetAvailable', message: `${set} has successfully progressed.` };
  }
  if (sight.isNewSet) {
    const message = `Created new replica set "${current?.metadata.name ?? ''}"`;
    return { status: 'True', reason: 'NewReplicaSetCreated', message };
  }
  if (hasProgressed(deployment.status, after)) {
    return { status: 'True', reason: 'ReplicaSetUpdated', message: `${set} is progressing.` };
  }
  const deadlineMs = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
  const isWaiting = before && before.reason !== 'NewReplicaSetAvailable' && before.status === 'True';
  if (!isWaiting || sight.stalledMs < deadlineMs) return null;
  return { status: 'False', reason: 'ProgressDeadlineExceeded', message: `${set} has timed out progressing.` };
}

function availabilityVerdict(deployment: Deployment, after: WorkloadStatus): Verdict {
  const { maxUnavailable } = resolveLimits({
    desired: deployment.spec.replicas,
    ...deployment.spec.strategy?.rollingUpdate,
  });
  return (after.availableReplicas ?? 0) >= deployment.spec.replicas - maxUnavailable
    ? { status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : {
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

function setTimed(conditions: Condition[], type: string, change: { verdict: Verdict; now: string }): void {
  const { verdict, now } = change;
  const before = conditions.find((condition) => condition.type === type);
  const isSame =
    before?.status === verdict.status && before?.reason === verdict.reason && before.message === verdict.message;
  const lastUpdateTime = isSame && verdict.reason !== 'ReplicaSetUpdated' ? before.lastUpdateTime : now;
  setCondition(conditions, { type, ...verdict, lastUpdateTime }, now);
}

/** Works out a Deployment's status, and whether the rollout moved on. */
export function deploymentStatus(sight: DeploymentSight): { status: WorkloadStatus; isProgress: boolean } {
  const { deployment, sets } = sight;
  const now = formatTime(sight.nowMs);
  const status = countReplicas(sight);
  const conditions = structuredClone(deployment.status.conditions ?? []).filter(
    ({ type }) => type !== 'ReplicaFailure',
  );
  setTimed(conditions, 'Available', { verdict: availabilityVerdict(deployment, status), now });
  const progress = progressVerdict(sight, status);
  if (progress) setTimed(conditions, 'Progressing', { verdict: progress, now });
  const failure = sets.flatMap((set) => set.status.conditions ?? []).find(({ type }) => type === 'ReplicaFailure');
  if (failure) conditions.push({ ...failure, lastUpdateTime: failure.lastTransitionTime });
  const observed = { observedGeneration: deployment.metadata.generation };
  return { status: { ...observed, ...status, conditions }, isProgress: progress?.status === 'True' };
}
