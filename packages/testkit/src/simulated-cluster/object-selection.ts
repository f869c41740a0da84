import { badRequest } from './api-failure.js';
import { parseFieldSelector } from './field-selector.js';
import type { KubeObject } from './kube-object.js';
import { parseLabelSelector } from './label-selector.js';
import type { ResourcePath } from './resource-path.js';

/** Which objects a list or watch is about. */
export interface ObjectSelection {
  matches(object: KubeObject): boolean;
  readonly hasSelector: boolean;
}

/** Reads namespace, labelSelector and fieldSelector of a request; a malformed one is a 400. */
export function readSelection(path: ResourcePath, query: URLSearchParams): ObjectSelection {
  const labelText = query.get('labelSelector') ?? '';
  const fieldText = query.get('fieldSelector') ?? '';
  const labels = parseLabelSelector(labelText);
  if (!labels) throw badRequest(`unable to parse requirement: found '${labelText}', expected a label selector`);
  const fields = parseFieldSelector(path.resource, fieldText);
  if (typeof fields === 'string') throw badRequest(fields);
  return {
    hasSelector: labelText !== '' || fieldText !== '',
    matches: (object) =>
      (path.namespace === undefined || object.metadata.namespace === path.namespace) &&
      labels(object.metadata.labels ?? {}) &&
      fields(object),
  };
}
