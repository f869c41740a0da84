import type { DeploymentObject } from '@dogwatch/core';
import { readInteger, readObject, type RawObject } from './read-fields.js';
import type { TextPool } from './text-pool.js';
import { extendBase, readRevision, trimBase, trimConditions } from './trim-base.js';

/** Trims a Deployment. */
export function trimDeployment(raw: RawObject, pool: TextPool): DeploymentObject {
  const base = trimBase('Deployment', raw, pool);
  const spec = readObject(raw.spec);
  const status = readObject(raw.status);
  return extendBase(base, {
    generation: readInteger(readObject(raw.metadata).generation) ?? 0,
    observedGeneration: readInteger(status.observedGeneration) ?? 0,
    paused: spec.paused === true,
    // An absent number of replicas means one to Kubernetes.
    desired: readInteger(spec.replicas) ?? 1,
    total: readInteger(status.replicas) ?? 0,
    updated: readInteger(status.updatedReplicas) ?? 0,
    ready: readInteger(status.readyReplicas) ?? 0,
    available: readInteger(status.availableReplicas) ?? 0,
    revision: readRevision(base.annotations),
    selector: pool.shareMap(readObject(readObject(spec.selector).matchLabels)),
    conditions: trimConditions(status, pool),
  });
}
