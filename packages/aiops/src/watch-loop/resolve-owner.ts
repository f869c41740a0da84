import { resourceKey } from '@dogwatch/core';
import type { ClusterObject, ClusterView, ResourceReference } from '@dogwatch/core';

/**
 * The owner of an object, or `null` while it cannot be known: its controller is of a watched kind and has not been seen
 * yet. Watches are told independently, so a pod may come before its ReplicaSet, and would be named after it for a moment.
 */
export function resolveOwner(view: ClusterView, object: ClusterObject): ResourceReference | null {
  const owner = view.ownerOf(object);
  if (owner.uid === object.uid || owner.kind !== 'ReplicaSet') return owner;
  const isSeen = view.get('ReplicaSet', object.namespace, owner.name)?.uid === owner.uid;
  return isSeen || !view.kinds.includes('ReplicaSet') ? owner : null;
}

/** The key of an owner's incident. */
export function ownerKeyOf(cluster: string, namespace: string | null, owner: ResourceReference): string {
  return resourceKey({ cluster, kind: owner.kind, namespace, name: owner.name });
}
