import type { ClusterObject, ContainerStatus, ContainerTermination, ObjectCondition } from '@dogwatch/core';
import type { RawKubernetesObject } from './fake-cluster.js';

type Json = Record<string, unknown>;

/** A raw Kubernetes object that trims to this one, but for its resourceVersion and a ReplicaSet's digest. */
export function untrim(object: ClusterObject): RawKubernetesObject {
  return { kind: object.kind, metadata: metadataOf(object), ...bodyOf(object) };
}

function metadataOf(object: ClusterObject): RawKubernetesObject['metadata'] {
  const { controller } = object;
  return {
    name: object.name,
    ...(object.namespace === null ? {} : { namespace: object.namespace }),
    uid: object.uid,
    creationTimestamp: time(object.createdAt),
    ...(object.deletedAt === null ? {} : { deletionTimestamp: time(object.deletedAt) }),
    labels: object.labels,
    annotations: object.annotations,
    ...(controller ? { ownerReferences: [{ apiVersion: 'v1', ...controller, controller: true }] } : {}),
    managedFields: [{ manager: 'test', fieldsV1: {} }],
  };
}

function bodyOf(object: ClusterObject): Json {
  switch (object.kind) {
    case 'Pod':
      return {
        spec: { nodeName: object.nodeName, ...containersOf(object.containers, ({ name, image }) => ({ name, image })) },
        status: {
          phase: object.phase,
          reason: object.reason ?? undefined,
          conditions: object.conditions.map(conditionOf),
          initContainerStatuses: object.containers.filter((one) => one.isInit).map(statusOf),
          containerStatuses: object.containers.filter((one) => !one.isInit).map(statusOf),
        },
      };
    case 'ReplicaSet':
      return {
        spec: { replicas: object.desired, template: { metadata: { labels: { of: object.templateDigest } } } },
        status: { availableReplicas: object.available, conditions: object.conditions.map(conditionOf) },
      };
    case 'Deployment':
      return {
        spec: { replicas: object.desired, paused: object.paused, selector: { matchLabels: object.selector } },
        status: {
          observedGeneration: object.observedGeneration,
          replicas: object.total,
          updatedReplicas: object.updated,
          readyReplicas: object.ready,
          availableReplicas: object.available,
          conditions: object.conditions.map(conditionOf),
        },
      };
    case 'Node':
      return {
        spec: { unschedulable: object.unschedulable },
        status: { conditions: object.conditions.map(conditionOf) },
      };
    case 'Event':
      return {
        involvedObject: object.involved,
        type: object.type,
        reason: object.reason,
        message: object.message,
        count: object.count,
        lastTimestamp: time(object.lastSeenAt),
      };
  }
}

function containersOf(containers: readonly ContainerStatus[], spec: (one: ContainerStatus) => Json): Json {
  return {
    initContainers: containers.filter((one) => one.isInit).map(spec),
    containers: containers.filter((one) => !one.isInit).map(spec),
  };
}

function statusOf(container: ContainerStatus): Json {
  return {
    name: container.name,
    image: `docker.io/library/${container.image}`,
    ready: container.ready,
    restartCount: container.restartCount,
    state: {
      ...(container.waiting ? { waiting: container.waiting } : {}),
      ...(container.running ? { running: { startedAt: time(container.running.startedAt) } } : {}),
      ...(container.terminated ? { terminated: terminationOf(container.terminated) } : {}),
    },
    lastState: container.lastTerminated ? { terminated: terminationOf(container.lastTerminated) } : {},
  };
}

function terminationOf(end: ContainerTermination): Json {
  return { ...end, startedAt: time(end.startedAt), finishedAt: time(end.finishedAt) };
}

function conditionOf({ since, ...rest }: ObjectCondition): Json {
  return { ...rest, lastTransitionTime: time(since), lastProbeTime: null };
}

function time(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
