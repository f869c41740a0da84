import type { KubeObject, ObjectMeta } from './kube-object.js';
import type { LabelSelector } from './label-selector.js';

/** One container of a pod template. */
export interface ContainerSpec {
  name: string;
  image: string;
  command?: string[] | undefined;
  args?: string[] | undefined;
  env?: { name: string; value?: string | undefined }[] | undefined;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> } | undefined;
  readinessProbe?: { initialDelaySeconds?: number; periodSeconds?: number } | undefined;
  [field: string]: unknown;
}

/** The spec of a pod. */
export interface PodSpec {
  containers: ContainerSpec[];
  initContainers?: ContainerSpec[] | undefined;
  nodeName?: string | undefined;
  nodeSelector?: Record<string, string> | undefined;
  restartPolicy?: string | undefined;
  terminationGracePeriodSeconds?: number | undefined;
  [field: string]: unknown;
}

/** A pod template of a workload. */
export interface PodTemplate {
  metadata?: Partial<ObjectMeta> | undefined;
  spec: PodSpec;
}

/** A container that ended. */
export interface TerminatedState {
  exitCode: number;
  reason: string;
  message?: string | undefined;
  startedAt: string;
  finishedAt: string;
  containerID: string;
}

/** What a container does right now: one of the three members is set. */
export interface ContainerState {
  waiting?: { reason: string; message?: string | undefined } | undefined;
  running?: { startedAt: string } | undefined;
  terminated?: TerminatedState | undefined;
}

/** The kubelet's report on one container. */
export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  containerID?: string | undefined;
  ready: boolean;
  started: boolean;
  restartCount: number;
  state: ContainerState;
  lastState: ContainerState;
}

/** One line of an object's `status.conditions`. */
export interface Condition {
  type: string;
  status: string;
  reason?: string | undefined;
  message?: string | undefined;
  lastTransitionTime: string;
  lastUpdateTime?: string | undefined;
  lastProbeTime?: null | undefined;
  lastHeartbeatTime?: string | undefined;
}

/** The status of a pod. */
export interface PodStatus {
  phase: string;
  reason?: string | undefined;
  conditions?: Condition[] | undefined;
  hostIP?: string | undefined;
  podIP?: string | undefined;
  startTime?: string | undefined;
  containerStatuses?: ContainerStatus[] | undefined;
  initContainerStatuses?: ContainerStatus[] | undefined;
  [field: string]: unknown;
}

/** A pod. */
export interface Pod extends KubeObject {
  spec: PodSpec;
  status: PodStatus;
}

/** The counts that every workload's status shares. */
export interface WorkloadStatus {
  observedGeneration?: number | undefined;
  replicas?: number | undefined;
  readyReplicas?: number | undefined;
  availableReplicas?: number | undefined;
  updatedReplicas?: number | undefined;
  unavailableReplicas?: number | undefined;
  conditions?: Condition[] | undefined;
  [field: string]: unknown;
}

/** A ReplicaSet. */
export interface ReplicaSet extends KubeObject {
  spec: { replicas: number; minReadySeconds?: number; selector: LabelSelector; template: PodTemplate };
  status: WorkloadStatus;
}

/** A number of pods, or a share of them. */
export type IntOrPercent = number | string;

/** A Deployment. */
export interface Deployment extends KubeObject {
  spec: {
    replicas: number;
    selector: LabelSelector;
    template: PodTemplate;
    strategy?: { type?: string; rollingUpdate?: { maxUnavailable?: IntOrPercent; maxSurge?: IntOrPercent } };
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    progressDeadlineSeconds?: number;
    paused?: boolean;
  };
  status: WorkloadStatus;
}

/** A node. */
export interface Node extends KubeObject {
  spec: { unschedulable?: boolean; taints?: { key: string; value?: string; effect: string }[] };
  status: { conditions: Condition[]; allocatable?: Record<string, string>; [field: string]: unknown };
}

/** Says whether the pod is Ready. */
export function isPodReady(pod: Pod): boolean {
  return pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** Says whether the pod still counts: neither ended nor being deleted. */
export function isPodActive(pod: Pod): boolean {
  const { phase } = pod.status;
  return phase !== 'Succeeded' && phase !== 'Failed' && pod.metadata.deletionTimestamp === undefined;
}

/** Sets one condition; the transition time moves only when its status does. */
export function setCondition(
  conditions: Condition[],
  condition: Omit<Condition, 'lastTransitionTime'>,
  now: string,
): void {
  const at = conditions.findIndex(({ type }) => type === condition.type);
  const existing = conditions[at];
  const lastTransitionTime = existing?.status === condition.status ? existing.lastTransitionTime : now;
  const next = { ...condition, lastTransitionTime };
  if (at < 0) conditions.push(next);
  else conditions[at] = next;
}
