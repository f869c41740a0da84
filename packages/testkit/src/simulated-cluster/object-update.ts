import { isDeepStrictEqual } from 'node:util';
import { badRequest, conflict, invalid, notFound, patchRejected, unsupportedMediaType } from './api-failure.js';
import { applyJsonPatch, JsonPatchError, type JsonPatchOperation } from './json-patch.js';
import type { JsonValue, KubeObject } from './kube-object.js';
import { applyMergePatch } from './merge-patch.js';
import { countsGenerations, readManifest } from './object-creation.js';
import { applyDefaults } from './object-defaults.js';
import type { ObjectKey, ObjectStore } from './object-store.js';
import { validateChange, validateObject } from './object-validation.js';
import { readScale, writeScale } from './scale-subresource.js';
import { apiVersionOf, type ResourceType } from './resource-type.js';
import type { SimulationClock } from './simulation-clock.js';
import { applyStrategicMergePatch } from './strategic-merge-patch.js';
import { recordManager, type WriteOptions } from './write-options.js';

/** A PATCH request's body and the kind of patch it says it is. */
export interface PatchRequest {
  readonly contentType: string;
  readonly body: unknown;
}

function applyPatch(target: KubeObject, patch: PatchRequest): unknown {
  const document = target as unknown as JsonValue;
  const body = patch.body as JsonValue;
  if (patch.contentType === 'application/json-patch+json') {
    if (!Array.isArray(body)) throw badRequest('error decoding patch: a JSON patch must be a list of operations');
    try {
      return applyJsonPatch(document, body as unknown as JsonPatchOperation[]);
    } catch (error) {
      throw error instanceof JsonPatchError ? patchRejected() : error;
    }
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('error decoding patch: a merge patch must be an object');
  }
  if (patch.contentType === 'application/merge-patch+json') return applyMergePatch(document, body);
  if (patch.contentType === 'application/strategic-merge-patch+json') return applyStrategicMergePatch(document, body);
  throw unsupportedMediaType();
}

function checkUid(resource: ResourceType, current: KubeObject, draft: KubeObject): void {
  const { uid, resourceVersion } = draft.metadata;
  // Where both are wrong, the conflict is what the real API server answers.
  if (resourceVersion && resourceVersion !== current.metadata.resourceVersion) {
    throw conflict(resource, current.metadata.name);
  }
  if (!uid || uid === current.metadata.uid) return;
  const message = `Invalid value: ${JSON.stringify(uid)}: field is immutable`;
  const cause = { reason: 'FieldValueInvalid', field: 'metadata.uid', message };
  // The real API server validates metadata twice on an update, and says so twice.
  throw invalid(resource, current.metadata.name, [cause, cause]);
}

function comparable(object: KubeObject): unknown {
  const { managedFields: _managed, resourceVersion: _version, ...metadata } = object.metadata;
  return JSON.parse(JSON.stringify({ ...object, metadata }));
}

/** Replaces and patches objects the way the API server does: optimistic locking, generation, dry run. */
export class ObjectUpdate {
  constructor(
    private readonly store: ObjectStore,
    private readonly clock: SimulationClock,
  ) {}

  replace(resource: ResourceType, key: ObjectKey, body: unknown, write: WriteOptions): KubeObject {
    const current = this.#current(resource, key);
    if (write.subresource === 'scale') return this.#scale(resource, current, body, write);
    return this.#write(resource, current, readManifest(resource, body), write);
  }

  patch(resource: ResourceType, key: ObjectKey, patch: PatchRequest, write: WriteOptions): KubeObject {
    const current = this.#current(resource, key);
    if (write.subresource === 'scale') {
      return this.#scale(resource, current, applyPatch(readScale(current), patch), write);
    }
    const target = { ...current, apiVersion: apiVersionOf(resource), kind: resource.kind };
    const draft = readManifest(resource, applyPatch(target, patch));
    checkUid(resource, current, draft);
    return this.#write(resource, current, draft, write);
  }

  #current(resource: ResourceType, key: ObjectKey): KubeObject {
    const current = this.store.get(resource, key);
    if (!current) throw notFound(resource, key.name);
    return current;
  }

  #scale(resource: ResourceType, current: KubeObject, scale: unknown, write: WriteOptions): KubeObject {
    const draft = writeScale(resource, current, scale);
    return readScale(this.#write(resource, current, draft, { ...write, subresource: undefined }));
  }

  #write(resource: ResourceType, current: KubeObject, draft: KubeObject, write: WriteOptions): KubeObject {
    this.#checkIdentity(resource, current, draft);
    const next = this.#merge(resource, current, draft, write);
    validateObject(resource, next);
    applyDefaults(resource, next);
    validateChange(resource, current, next);
    if (isDeepStrictEqual(comparable(next), comparable(current))) return current;
    if (countsGenerations(resource) && !isDeepStrictEqual(next.spec, current.spec)) {
      next.metadata.generation = (current.metadata.generation ?? 0) + 1;
    }
    recordManager(next, resource, { ...write, now: this.clock.now() });
    if (write.isDryRun) return next;
    const stored = this.store.put(resource, next);
    const isReleased = stored.metadata.deletionTimestamp !== undefined && resource.plural !== 'pods';
    if (isReleased && (stored.metadata.finalizers ?? []).length === 0) this.store.remove(resource, stored.metadata);
    return stored;
  }

  #checkIdentity(resource: ResourceType, current: KubeObject, draft: KubeObject): void {
    const { name, uid, resourceVersion, namespace } = draft.metadata;
    const live = current.metadata;
    if (name !== undefined && name !== live.name) {
      throw badRequest(`the name of the object (${name}) does not match the name on the URL (${live.name})`);
    }
    if (namespace !== undefined && namespace !== live.namespace) {
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    }
    if (uid && uid !== live.uid) {
      const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.uid}`;
      throw conflict(resource, live.name, why);
    }
    if (resourceVersion && resourceVersion !== live.resourceVersion) throw conflict(resource, live.name);
  }

  #merge(resource: ResourceType, current: KubeObject, draft: KubeObject, write: WriteOptions): KubeObject {
    const live = current.metadata;
    if (write.subresource === 'status') return structuredClone({ ...current, status: draft.status });
    const metadata = {
      ...draft.metadata,
      name: live.name,
      uid: live.uid,
      resourceVersion: live.resourceVersion,
      creationTimestamp: live.creationTimestamp,
      ...(live.namespace === undefined ? {} : { namespace: live.namespace }),
      ...(live.generation === undefined ? {} : { generation: live.generation }),
      ...(live.managedFields === undefined ? {} : { managedFields: live.managedFields }),
      ...(live.deletionTimestamp === undefined ? {} : { deletionTimestamp: live.deletionTimestamp }),
    };
    const next: KubeObject = { ...draft, metadata };
    if (resource.hasStatus) next.status = current.status;
    return structuredClone(next);
  }
}
