import type { JsonValue } from './json.js';

/** What every object of a `ClusterView` carries. Times are milliseconds since the epoch. */
export interface ClusterObjectBase {
  readonly kind: ClusterObjectKind;
  readonly name: string;
  readonly namespace: string | null;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly createdAt: number;
  /** Set while the object is being deleted. */
  readonly deletedAt: number | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Only those that Dogwatch reads: `dogwatch.dev/*` and what Kubernetes itself needs; the rest is trimmed away. */
  readonly annotations: Readonly<Record<string, string>>;
  /** The controller of its ownerReferences, or `null`. */
  readonly controller: { readonly kind: string; readonly name: string; readonly uid: string } | null;
}

/** How a container ended. */
export interface ContainerTermination {
  readonly reason: string | null;
  readonly exitCode: number | null;
  readonly message: string | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** One container of a pod; exactly one of waiting, running, terminated is set, none before the kubelet has spoken. */
export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly isInit: boolean;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly waiting: { readonly reason: string | null; readonly message: string | null } | null;
  readonly running: { readonly startedAt: number | null } | null;
  readonly terminated: ContainerTermination | null;
  readonly lastTerminated: ContainerTermination | null;
}

/** A condition of a status. */
export interface ObjectCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string | null;
  readonly message: string | null;
  /** Last transition. */
  readonly since: number | null;
}

/** A pod, trimmed. */
export interface PodObject extends ClusterObjectBase {
  readonly kind: 'Pod';
  readonly phase: string;
  /** `status.reason`, such as `Evicted`. */
  readonly reason: string | null;
  readonly nodeName: string | null;
  /** The Ready condition is True. */
  readonly ready: boolean;
  readonly containers: readonly ContainerStatus[];
  readonly conditions: readonly ObjectCondition[];
}

/** A ReplicaSet, trimmed. */
export interface ReplicaSetObject extends ClusterObjectBase {
  readonly kind: 'ReplicaSet';
  readonly desired: number;
  readonly available: number;
  /** `deployment.kubernetes.io/revision`, or `null`. */
  readonly revision: number | null;
  /** Digest of the pod template without pod-template-hash, `kubectl.kubernetes.io/restartedAt` and `dogwatch.dev/*`. */
  readonly templateDigest: string;
  readonly conditions: readonly ObjectCondition[];
}

/** A Deployment, trimmed. */
export interface DeploymentObject extends ClusterObjectBase {
  readonly kind: 'Deployment';
  readonly generation: number;
  readonly observedGeneration: number;
  readonly paused: boolean;
  readonly desired: number;
  /** `status.replicas`: all pods, also of old revisions. */
  readonly total: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly revision: number | null;
  /** `spec.selector.matchLabels`. */
  readonly selector: Readonly<Record<string, string>>;
  readonly conditions: readonly ObjectCondition[];
}

/** A node, trimmed. */
export interface NodeObject extends ClusterObjectBase {
  readonly kind: 'Node';
  readonly unschedulable: boolean;
  readonly conditions: readonly ObjectCondition[];
}

/** A Kubernetes Event about another object, trimmed. */
export interface EventObject extends ClusterObjectBase {
  readonly kind: 'Event';
  readonly involved: {
    readonly kind: string;
    readonly namespace: string | null;
    readonly name: string;
    readonly uid: string | null;
  };
  /** `Normal` or `Warning`. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly lastSeenAt: number;
}

/** The kinds that a `ClusterView` holds and what each looks like; a package that adds a kind extends this interface. */
export interface ClusterObjectKinds {
  Pod: PodObject;
  ReplicaSet: ReplicaSetObject;
  Deployment: DeploymentObject;
  Node: NodeObject;
  Event: EventObject;
}

/** Name of a kind that a `ClusterView` may hold. */
export type ClusterObjectKind = keyof ClusterObjectKinds;

/** Any object of a `ClusterView`. */
export type ClusterObject = ClusterObjectKinds[ClusterObjectKind];

/** An object as the API server has it right now, whole, and what identifies that state. */
export interface LiveObject {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly object: JsonValue;
}
