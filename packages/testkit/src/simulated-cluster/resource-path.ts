import { findResourceType, namespaces, resourceTypes, type ResourceType } from './resource-type.js';

/** Which object or collection a URL names. */
export interface ResourcePath {
  readonly resource: ResourceType;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

function split(path: string): string[] | null {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    // A broken percent escape names nothing.
    return null;
  }
}

function locate(group: string, version: string, rest: readonly string[]): ResourcePath | null {
  const [first = '', second, third, ...more] = rest;
  const isInNamespace = first === 'namespaces' && third !== undefined && third !== 'status' && third !== 'finalize';
  if (isInNamespace) {
    const resource = findResourceType(group, version, third);
    if (!resource?.namespaced || more.length > 2) return null;
    return { resource, namespace: second, name: more[0], subresource: more[1] };
  }
  const resource = findResourceType(group, version, first);
  if (!resource || more.length > 0 || (second !== undefined && resource.namespaced)) return null;
  return { resource, name: second, subresource: resource === namespaces && third === 'finalize' ? undefined : third };
}

/** Says whether the path lies in a group and version that the API server serves. */
export function isServedGroup(path: string): boolean {
  const [root, group = '', version = ''] = split(path) ?? [];
  if (root === 'api') return group === 'v1';
  return root === 'apis' && resourceTypes.some((type) => type.group === group && type.version === version);
}

/** Reads the path of an object or collection; `null` when the API server has nothing there. */
export function parseResourcePath(path: string): ResourcePath | null {
  const parts = split(path.endsWith('/') ? path.slice(0, -1) : path);
  if (parts === null || parts.some((part) => part === '')) return null;
  const [root, group = '', version = '', ...rest] = parts;
  if (root === 'api' && group === 'v1' && version !== '') return locate('', group, [version, ...rest]);
  return root === 'apis' && rest.length > 0 ? locate(group, version, rest) : null;
}
