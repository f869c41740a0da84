import type {
  ClusterObject,
  ClusterObjectBase,
  ContainerStatus,
  DeploymentObject,
  EventObject,
  NodeObject,
  ObjectCondition,
  PodObject,
  ReplicaSetObject,
} from '@dogwatch/core';

/** When objects of the builders were created unless a test says otherwise: 2026-01-01, midnight UTC. */
export const BUILDERS_EPOCH = Date.UTC(2026, 0, 1);

let lastResourceVersion = 1000;

function base<K extends ClusterObjectBase['kind']>(kind: K, name: string, namespace: string | null) {
  lastResourceVersion += 1;
  return {
    kind,
    name,
    namespace,
    resourceVersion: String(lastResourceVersion),
    createdAt: BUILDERS_EPOCH,
    deletedAt: null,
    labels: {},
    annotations: {},
    controller: null,
  };
}

function finish<T extends ClusterObject>(defaults: Omit<T, 'uid'>, overrides: Partial<T>): T {
  const object = { ...defaults, ...overrides } as unknown as T;
  return freezeDeep({ ...object, uid: overrides.uid ?? defaultUid(object) });
}

function defaultUid(object: Pick<ClusterObject, 'kind' | 'namespace' | 'name'>): string {
  return `uid-${object.kind.toLowerCase()}-${object.namespace ?? '-'}-${object.name}`;
}

function freezeDeep<T extends object>(value: T): T {
  for (const part of Object.values(value) as unknown[]) {
    if (typeof part === 'object' && part !== null && !Object.isFrozen(part)) freezeDeep(part);
  }
  return Object.freeze(value);
}

/** A container that runs and is ready; its name is `app` and its image `registry.example/app:1`. */
export function aContainer(overrides: Partial<ContainerStatus> = {}): ContainerStatus {
  const isBusy = overrides.waiting !== undefined || overrides.terminated !== undefined;
  return freezeDeep({
    name: 'app',
    image: 'registry.example/app:1',
    isInit: false,
    ready: !isBusy,
    restartCount: 0,
    waiting: null,
    running: isBusy ? null : { startedAt: BUILDERS_EPOCH },
    terminated: null,
    lastTerminated: null,
    ...overrides,
  });
}

/** A condition with status `True`. */
export function aCondition(type: string, overrides: Partial<ObjectCondition> = {}): ObjectCondition {
  return freezeDeep({ type, status: 'True', reason: null, message: null, since: BUILDERS_EPOCH, ...overrides });
}

/** What makes an object controlled by `owner`: `aPod({ controller: controlledBy(replicaSet) })`. */
export function controlledBy(owner: Pick<ClusterObject, 'kind' | 'name' | 'uid'>): ClusterObjectBase['controller'] {
  return { kind: owner.kind, name: owner.name, uid: owner.uid };
}

/** A bare pod `default/pod-1` on `node-1`, running and ready; `ready` follows the containers unless given. */
export function aPod(overrides: Partial<PodObject> = {}): PodObject {
  const containers = overrides.containers ?? [aContainer()];
  const ready = overrides.ready ?? containers.filter((container) => !container.isInit).every((one) => one.ready);
  const defaults: Omit<PodObject, 'uid'> = {
    ...base('Pod', 'pod-1', 'default'),
    phase: 'Running',
    reason: null,
    nodeName: 'node-1',
    ready,
    containers,
    conditions: [
      aCondition('PodScheduled'),
      aCondition('Initialized'),
      aCondition('ContainersReady', { status: ready ? 'True' : 'False' }),
      aCondition('Ready', { status: ready ? 'True' : 'False' }),
    ],
  };
  return finish<PodObject>(defaults, overrides);
}

/** A ReplicaSet `default/web-1` of one available pod; its templateDigest is `template-1`. */
export function aReplicaSet(overrides: Partial<ReplicaSetObject> = {}): ReplicaSetObject {
  const defaults: Omit<ReplicaSetObject, 'uid'> = {
    ...base('ReplicaSet', 'web-1', 'default'),
    desired: 1,
    available: overrides.desired ?? 1,
    revision: 1,
    templateDigest: 'template-1',
    conditions: [],
  };
  return finish<ReplicaSetObject>(defaults, overrides);
}

/** A Deployment `default/web`, rolled out and available; the counts follow `desired` unless given. */
export function aDeployment(overrides: Partial<DeploymentObject> = {}): DeploymentObject {
  const desired = overrides.desired ?? 1;
  const name = overrides.name ?? 'web';
  const defaults: Omit<DeploymentObject, 'uid'> = {
    ...base('Deployment', 'web', 'default'),
    generation: 1,
    observedGeneration: overrides.generation ?? 1,
    paused: false,
    desired,
    total: desired,
    updated: desired,
    ready: desired,
    available: desired,
    revision: 1,
    selector: { app: name },
    conditions: [aCondition('Available'), aCondition('Progressing', { reason: 'NewReplicaSetAvailable' })],
  };
  return finish<DeploymentObject>(defaults, overrides);
}

/** A ready node `node-1`. */
export function aNode(overrides: Partial<NodeObject> = {}): NodeObject {
  const defaults: Omit<NodeObject, 'uid'> = {
    ...base('Node', 'node-1', null),
    unschedulable: false,
    conditions: [aCondition('Ready', { reason: 'KubeletReady' })],
  };
  return finish<NodeObject>(defaults, overrides);
}

/** A Warning event about the pod `default/pod-1`; give `involved: involvedBy(object)` to aim it elsewhere. */
export function anEvent(overrides: Partial<EventObject> = {}): EventObject {
  const defaults: Omit<EventObject, 'uid'> = {
    ...base('Event', 'event-1', 'default'),
    involved: { kind: 'Pod', namespace: 'default', name: 'pod-1', uid: 'uid-pod-default-pod-1' },
    type: 'Warning',
    reason: 'BackOff',
    message: 'Back-off restarting failed container app in pod pod-1',
    count: 1,
    lastSeenAt: BUILDERS_EPOCH,
  };
  return finish<EventObject>(defaults, overrides);
}

/** What an event that is about this object names as `involved`. */
export function involvedBy(object: ClusterObject): EventObject['involved'] {
  return { kind: object.kind, namespace: object.namespace, name: object.name, uid: object.uid };
}
