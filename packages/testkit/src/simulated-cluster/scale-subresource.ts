import { conflict, invalid } from './api-failure.js';
import type { KubeObject } from './kube-object.js';
import { formatLabelSelector } from './label-selector.js';
import type { ResourceType } from './resource-type.js';
import type { Deployment } from './workload-objects.js';

/** Shows a workload as its `autoscaling/v1` Scale. */
export function readScale(workload: KubeObject): KubeObject {
  const { spec, status, metadata } = workload as Deployment;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: { replicas: status.replicas ?? 0, selector: formatLabelSelector(spec.selector) },
  };
}

/** Applies a written Scale to a copy of its workload. */
export function writeScale(resource: ResourceType, workload: KubeObject, scale: unknown): KubeObject {
  const { metadata, spec } = scale as { metadata?: { resourceVersion?: string }; spec?: { replicas?: unknown } };
  const version = metadata?.resourceVersion;
  if (version && version !== workload.metadata.resourceVersion) throw conflict(resource, workload.metadata.name);
  const replicas = spec?.replicas ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0) {
    const message = `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`;
    throw invalid(resource, workload.metadata.name, [{ reason: 'FieldValueInvalid', field: 'spec.replicas', message }]);
  }
  return { ...structuredClone(workload), spec: { ...structuredClone(workload.spec), replicas } };
}
