import { notFound, preconditionFailed, type StatusObject } from './api-failure.js';
import { formatTime, type KubeObject } from './kube-object.js';
import type { ObjectKey, ObjectStore } from './object-store.js';
import { namespaces, pods, type ResourceType } from './resource-type.js';
import type { SimulationClock } from './simulation-clock.js';
import type { Pod } from './workload-objects.js';

/** What a DELETE request asks for beside the name. */
export interface DeleteOptions {
  readonly isDryRun?: boolean | undefined;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string } | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: string | undefined;
}

/** Deletes objects the way the API server does: preconditions, grace of pods, finalizers, orphans. */
export class ObjectDeletion {
  constructor(
    private readonly store: ObjectStore,
    private readonly clock: SimulationClock,
  ) {}

  /** Answers with the object that is now being deleted, or with a success Status once it is gone. */
  delete(resource: ResourceType, key: ObjectKey, options: DeleteOptions = {}): KubeObject | StatusObject {
    const current = this.store.get(resource, key);
    if (!current) throw notFound(resource, key.name);
    this.#checkPreconditions(resource, current, options);
    const grace = this.#graceOf(resource, current, options);
    if (options.isDryRun) return grace > 0 ? current : this.#success(resource, current);
    if (options.propagationPolicy === 'Orphan') this.#orphan(current);
    if (grace > 0 || (current.metadata.finalizers ?? []).length > 0 || resource === namespaces) {
      return this.#mark(resource, current, grace);
    }
    this.store.remove(resource, key);
    return resource === pods ? current : this.#success(resource, current);
  }

  #checkPreconditions(resource: ResourceType, current: KubeObject, options: DeleteOptions): void {
    const { uid, resourceVersion } = options.preconditions ?? {};
    const live = current.metadata;
    if (uid !== undefined && uid !== live.uid) {
      const why = `the UID in the precondition (${uid}) does not match the UID in record (${live.uid}). The object might have been deleted and then recreated`;
      throw preconditionFailed(resource, live.name, why);
    }
    if (resourceVersion !== undefined && resourceVersion !== live.resourceVersion) {
      const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${live.resourceVersion}). The object might have been modified`;
      throw preconditionFailed(resource, live.name, why);
    }
  }

  #graceOf(resource: ResourceType, current: KubeObject, options: DeleteOptions): number {
    if (resource !== pods) return 0;
    const { spec, status } = current as Pod;
    const hasEnded = status.phase === 'Succeeded' || status.phase === 'Failed';
    if (spec.nodeName === undefined || hasEnded) return 0;
    return options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
  }

  #mark(resource: ResourceType, current: KubeObject, grace: number): KubeObject {
    if (current.metadata.deletionTimestamp !== undefined) return current;
    const marked = structuredClone(current);
    marked.metadata.deletionTimestamp = formatTime(this.clock.now() + grace * 1000);
    if (resource === pods) marked.metadata.deletionGracePeriodSeconds = grace;
    if (marked.metadata.generation !== undefined) marked.metadata.generation += 1;
    if (resource === namespaces) marked.status = { phase: 'Terminating' };
    return this.store.put(resource, marked);
  }

  #orphan(owner: KubeObject): void {
    for (const { resource, object } of this.store.dependentsOf(owner.metadata.uid)) {
      this.store.change(resource, object.metadata, (draft) => {
        const kept = (draft.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
        if (kept.length > 0) draft.metadata.ownerReferences = kept;
        else delete draft.metadata.ownerReferences;
      });
    }
  }

  #success(resource: ResourceType, object: KubeObject): StatusObject {
    const { name, uid } = object.metadata;
    const group = resource.group === '' ? {} : { group: resource.group };
    const details = { name, ...group, kind: resource.plural, uid };
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
  }
}
