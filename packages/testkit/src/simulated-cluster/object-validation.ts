import { isDeepStrictEqual } from 'node:util';
import { invalid, type FailureCause } from './api-failure.js';
import type { KubeObject } from './kube-object.js';
import { matchesLabelSelector, type LabelSelector } from './label-selector.js';
import { daemonSets, deployments, jobs, pods, replicaSets, statefulSets, type ResourceType } from './resource-type.js';
import type { ContainerSpec, PodSpec, PodTemplate } from './workload-objects.js';

const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const WITH_SELECTOR: ReadonlySet<ResourceType> = new Set([deployments, replicaSets, statefulSets, daemonSets]);

function required(field: string, message = ''): FailureCause {
  return { reason: 'FieldValueRequired', field, message: `Required value${message === '' ? '' : `: ${message}`}` };
}

function wrong(field: string, value: unknown, message: string): FailureCause {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(value)}: ${message}` };
}

function checkContainers(containers: readonly ContainerSpec[] | undefined, field: string): FailureCause[] {
  if (!Array.isArray(containers) || containers.length === 0) return [required(field)];
  const causes: FailureCause[] = [];
  for (const [index, container] of (containers as Partial<ContainerSpec>[]).entries()) {
    if (!container.name) causes.push(required(`${field}[${index}].name`));
    if (!container.image) causes.push(required(`${field}[${index}].image`));
  }
  return causes;
}

function checkSelector(spec: { selector?: LabelSelector; template?: PodTemplate }): FailureCause[] {
  if (!spec.selector) return [required('spec.selector')];
  const labels = spec.template?.metadata?.labels ?? {};
  if (matchesLabelSelector(spec.selector, labels)) return [];
  return [wrong('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
}

function checkWorkload(resource: ResourceType, draft: KubeObject): FailureCause[] {
  const spec = (draft.spec ?? {}) as { replicas?: unknown; selector?: LabelSelector; template?: PodTemplate };
  const causes = WITH_SELECTOR.has(resource) ? checkSelector(spec) : [];
  const { replicas } = spec;
  if (replicas !== undefined && !Number.isInteger(replicas))
    causes.push(wrong('spec.replicas', replicas, 'must be an integer'));
  else if (typeof replicas === 'number' && replicas < 0) {
    causes.push(wrong('spec.replicas', replicas, 'must be greater than or equal to 0'));
  }
  causes.push(...checkContainers(spec.template?.spec?.containers, 'spec.template.spec.containers'));
  return causes;
}

function throwIfAny(resource: ResourceType, name: string, causes: readonly FailureCause[]): void {
  if (causes.length > 0) throw invalid(resource, name, causes);
}

/** Refuses, with 422, an object that breaks the rules of its kind. */
export function validateObject(resource: ResourceType, draft: KubeObject): void {
  const { name } = draft.metadata;
  const causes = DNS_SUBDOMAIN.test(name) && name.length <= 253 ? [] : [wrong('metadata.name', name, NAME_RULE)];
  if (WITH_SELECTOR.has(resource) || resource === jobs) causes.push(...checkWorkload(resource, draft));
  if (resource === pods)
    causes.push(...checkContainers((draft.spec as PodSpec | undefined)?.containers, 'spec.containers'));
  throwIfAny(resource, name, causes);
}

const PODS_MAY_CHANGE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

function withoutImages(spec: PodSpec): unknown {
  const { tolerations: _tolerations, activeDeadlineSeconds: _deadline, ...rest } = structuredClone(spec);
  for (const container of [...rest.containers, ...(rest.initContainers ?? [])]) container.image = '';
  return rest;
}

/** Refuses, with 422, a change of what must stay as it was created. */
export function validateChange(resource: ResourceType, current: KubeObject, draft: KubeObject): void {
  const causes: FailureCause[] = [];
  const selectorOf = (object: KubeObject): unknown => (object.spec as { selector?: unknown } | undefined)?.selector;
  if (WITH_SELECTOR.has(resource) && !isDeepStrictEqual(selectorOf(current), selectorOf(draft))) {
    causes.push(wrong('spec.selector', selectorOf(draft), 'field is immutable'));
  }
  if (resource === jobs) {
    const templateOf = (object: KubeObject): unknown => (object.spec as { template?: unknown } | undefined)?.template;
    if (!isDeepStrictEqual(templateOf(current), templateOf(draft))) {
      causes.push(wrong('spec.template', templateOf(draft), 'field is immutable'));
    }
  }
  if (
    resource === pods &&
    !isDeepStrictEqual(withoutImages(current.spec as PodSpec), withoutImages(draft.spec as PodSpec))
  ) {
    causes.push({ reason: 'FieldValueForbidden', field: 'spec', message: `Forbidden: ${PODS_MAY_CHANGE}` });
  }
  throwIfAny(resource, current.metadata.name, causes);
}
