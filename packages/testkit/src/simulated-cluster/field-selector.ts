import type { KubeObject } from './kube-object.js';
import { events, jobs, namespaces, pods, type ResourceType } from './resource-type.js';

/** A parsed `fieldSelector` parameter. */
export type FieldPredicate = (object: KubeObject) => boolean;

const SUPPORTED: ReadonlyMap<ResourceType, readonly string[]> = new Map([
  [
    pods,
    [
      'spec.nodeName',
      'spec.restartPolicy',
      'spec.schedulerName',
      'spec.serviceAccountName',
      'status.phase',
      'status.podIP',
    ],
  ],
  [
    events,
    [
      ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
        (field) => `involvedObject.${field}`,
      ),
      'reason',
      'type',
      'source',
      'reportingComponent',
    ],
  ],
  [namespaces, ['status.phase']],
  [jobs, ['status.successful']],
]);

function fieldOf(object: KubeObject, path: string): string {
  let value: unknown = object;
  for (const part of path.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  }
  if (path === 'source' && typeof value === 'object' && value !== null)
    value = (value as { component?: string }).component;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Parses a `fieldSelector`; answers with an error text when the resource has no such field. */
export function parseFieldSelector(type: ResourceType, text: string): FieldPredicate | string {
  const requirements: FieldPredicate[] = [];
  for (const part of text.split(',').filter((piece) => piece.trim() !== '')) {
    const found = /^\s*([A-Za-z.]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part);
    if (!found) return `invalid selector: '${text}'; can't understand '${part}'`;
    const [, path = '', operator, value] = found;
    const isKnown = path === 'metadata.name' || path === 'metadata.namespace' || SUPPORTED.get(type)?.includes(path);
    if (!isKnown) return `field label not supported: ${path}`;
    requirements.push((object) => (fieldOf(object, path) === value) === (operator !== '!='));
  }
  return (object) => requirements.every((requirement) => requirement(object));
}
