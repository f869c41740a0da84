import type { ClusterObject, ClusterObjectKind, ClusterObjectKinds } from '@dogwatch/core';
import { readObject, type RawObject } from './read-fields.js';
import type { TextPool } from './text-pool.js';
import { trimDeployment } from './trim-deployment.js';
import { trimEvent } from './trim-event.js';
import { trimNode } from './trim-node.js';
import { trimPod } from './trim-pod.js';
import { trimReplicaSet } from './trim-replica-set.js';

type Trims = { readonly [K in ClusterObjectKind]: (raw: RawObject, pool: TextPool) => ClusterObjectKinds[K] };

const trims: Trims = {
  Pod: trimPod,
  ReplicaSet: trimReplicaSet,
  Deployment: trimDeployment,
  Node: trimNode,
  Event: trimEvent,
};

/** The kinds that Dogwatch watches, those that own others first. */
export const watchedKinds: readonly ClusterObjectKind[] = ['Node', 'Deployment', 'ReplicaSet', 'Pod', 'Event'];

/** Trims one object of the API server and freezes it; throws for one that cannot be told apart from others. */
export function trimObject(kind: ClusterObjectKind, raw: unknown, pool: TextPool): ClusterObject {
  return trims[kind](readObject(raw), pool);
}
