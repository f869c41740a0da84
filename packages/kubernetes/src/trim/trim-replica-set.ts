import type { ReplicaSetObject } from '@dogwatch/core';
import { readInteger, readObject, type RawObject } from './read-fields.js';
import { digestTemplate } from './template-digest.js';
import type { TextPool } from './text-pool.js';
import { extendBase, readRevision, trimBase, trimConditions } from './trim-base.js';

/** Trims a ReplicaSet; its template becomes a digest. */
export function trimReplicaSet(raw: RawObject, pool: TextPool): ReplicaSetObject {
  const base = trimBase('ReplicaSet', raw, pool);
  const spec = readObject(raw.spec);
  const status = readObject(raw.status);
  return extendBase(base, {
    // An absent number of replicas means one to Kubernetes.
    desired: readInteger(spec.replicas) ?? 1,
    available: readInteger(status.availableReplicas) ?? 0,
    revision: readRevision(base.annotations),
    templateDigest: pool.share(digestTemplate(spec.template)),
    conditions: trimConditions(status, pool),
  });
}
