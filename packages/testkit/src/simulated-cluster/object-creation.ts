import { randomUUID } from 'node:crypto';
import { alreadyExists, badRequest, forbidden, invalid, notFound } from './api-failure.js';
import { randomSuffix } from './generated-name.js';
import { formatTime, type KubeObject } from './kube-object.js';
import { applyDefaults } from './object-defaults.js';
import type { ObjectStore } from './object-store.js';
import { validateObject } from './object-validation.js';
import { apiVersionOf, namespaces, nodes, pods, resourceQuotas, type ResourceType } from './resource-type.js';
import type { SimulationClock } from './simulation-clock.js';
import { recordManager, type WriteOptions } from './write-options.js';
import { isPodActive, type Pod } from './workload-objects.js';

/** Kinds that start at generation 1 and count changes of their spec. */
export function countsGenerations(resource: ResourceType): boolean {
  return resource.hasStatus && resource !== namespaces && resource !== nodes && resource.plural !== 'services';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a request's body as an object of the expected type, or refuses it with 400. */
export function readManifest(resource: ResourceType, body: unknown): KubeObject {
  if (!isObject(body) || (body['metadata'] !== undefined && !isObject(body['metadata']))) {
    throw badRequest(`the object provided is unrecognized (must be of type ${resource.kind})`);
  }
  const draft = structuredClone(body) as unknown as KubeObject;
  const expected = apiVersionOf(resource);
  if ((draft.apiVersion ?? expected) !== expected || (draft.kind ?? resource.kind) !== resource.kind) {
    throw badRequest(`${draft.kind} in version "${draft.apiVersion}" cannot be handled as a ${resource.kind}`);
  }
  return { ...draft, apiVersion: expected, kind: resource.kind, metadata: draft.metadata ?? {} };
}

/** Creates objects the way the API server does: names, defaults, validation, quota. */
export class ObjectCreation {
  constructor(
    private readonly store: ObjectStore,
    private readonly clock: SimulationClock,
  ) {}

  create(resource: ResourceType, namespace: string | undefined, body: unknown, write: WriteOptions): KubeObject {
    const draft = readManifest(resource, body);
    this.#name(resource, namespace, draft);
    validateObject(resource, draft);
    if (this.store.get(resource, draft.metadata)) throw alreadyExists(resource, draft.metadata.name);
    if (resource.hasStatus && resource !== nodes) delete draft.status;
    applyDefaults(resource, draft);
    if (resource === pods) this.#checkQuota(draft);
    const now = this.clock.now();
    Object.assign(draft.metadata, { uid: randomUUID(), creationTimestamp: formatTime(now) });
    if (countsGenerations(resource)) draft.metadata.generation = 1;
    recordManager(draft, resource, { ...write, now });
    return write.isDryRun ? draft : this.store.put(resource, draft);
  }

  #name(resource: ResourceType, namespace: string | undefined, draft: KubeObject): void {
    const { metadata } = draft;
    if (metadata.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created');
    if (resource.namespaced) {
      if ((metadata.namespace ?? namespace) !== namespace) {
        throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
      }
      this.#checkNamespace(resource, draft, namespace);
      metadata.namespace = namespace;
    } else delete metadata.namespace;
    if (!metadata.name && metadata.generateName) metadata.name = metadata.generateName + randomSuffix();
    if (!metadata.name) {
      const message = 'Required value: name or generateName is required';
      throw invalid(resource, '', [{ reason: 'FieldValueRequired', field: 'metadata.name', message }]);
    }
    delete metadata.deletionTimestamp;
    delete metadata.deletionGracePeriodSeconds;
  }

  #checkNamespace(resource: ResourceType, draft: KubeObject, namespace = ''): void {
    const found = this.store.get(namespaces, { name: namespace });
    if (!found) throw notFound(namespaces, namespace);
    if (found.metadata.deletionTimestamp !== undefined) {
      const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
      throw forbidden(resource, draft.metadata.name, why);
    }
  }

  #checkQuota(draft: KubeObject): void {
    const { namespace = '', name } = draft.metadata;
    for (const quota of this.store.list(resourceQuotas, namespace)) {
      const hard = (quota.spec as { hard?: Record<string, string> } | undefined)?.hard?.['pods'];
      if (hard === undefined) continue;
      const used = this.store.list(pods, namespace).filter((pod) => isPodActive(pod as Pod)).length;
      if (used < Number(hard)) continue;
      const numbers = `requested: pods=1, used: pods=${used}, limited: pods=${hard}`;
      throw forbidden(pods, name, `exceeded quota: ${quota.metadata.name}, ${numbers}`);
    }
  }
}
