import { formatTime } from './kube-object.js';
import { setCondition, type ContainerStatus, type Pod } from './workload-objects.js';

const TYPES = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'] as const;

function phaseOf(pod: Pod, statuses: readonly ContainerStatus[]): string {
  if (statuses.length > 0 && statuses.every(({ state }) => state.terminated)) {
    const policy = pod.spec.restartPolicy ?? 'Always';
    const hasFailed = statuses.some(({ state }) => state.terminated?.exitCode !== 0);
    if (policy === 'Never' || (policy === 'OnFailure' && !hasFailed)) return hasFailed ? 'Failed' : 'Succeeded';
  }
  const hasStarted = ({ state, lastState }: ContainerStatus): boolean =>
    !state.waiting || lastState.terminated !== undefined;
  return statuses.length > 0 && statuses.every(hasStarted) ? 'Running' : 'Pending';
}

function readiness(pod: Pod, statuses: readonly ContainerStatus[]): { reason?: string; message?: string } | null {
  const { phase } = pod.status;
  if (phase === 'Succeeded') return { reason: 'PodCompleted' };
  if (phase === 'Failed') return { reason: 'PodFailed' };
  const unready = statuses.filter(({ ready }) => !ready).map(({ name }) => name);
  if (unready.length === 0) return null;
  return { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
}

/** Works out phase and conditions of a scheduled pod's draft from its containers. */
export function refreshPodStatus(pod: Pod, nowMs: number): void {
  const now = formatTime(nowMs);
  const statuses = pod.status.containerStatuses ?? [];
  pod.status.phase = phaseOf(pod, statuses);
  const problem = readiness(pod, statuses);
  const conditions = (pod.status.conditions ??= []);
  for (const type of TYPES) {
    const isAboutContainers = type === 'Ready' || type === 'ContainersReady';
    const status = isAboutContainers && problem ? 'False' : 'True';
    setCondition(conditions, { type, status, lastProbeTime: null, ...(isAboutContainers ? problem : {}) }, now);
  }
  const rank = ({ type }: { type: string }): number => TYPES.findIndex((known) => known === type);
  conditions.sort((left, right) => rank(left) - rank(right));
}
