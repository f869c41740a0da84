import type { ObjectDeletion } from './object-deletion.js';
import type { ObjectChange, ObjectStore } from './object-store.js';
import { namespaces, pods } from './resource-type.js';
import type { SimulationClock } from './simulation-clock.js';
import { WorkQueue } from './work-queue.js';

/** Deletes what lost its last owner, and the content of namespaces that are being deleted. */
export class GarbageCollector {
  readonly #orphaned: WorkQueue;
  readonly #terminating: WorkQueue;

  constructor(
    private readonly store: ObjectStore,
    private readonly deletion: ObjectDeletion,
    clock: SimulationClock,
  ) {
    this.#orphaned = new WorkQueue(clock, (uid) => this.#collect(uid));
    this.#terminating = new WorkQueue(clock, (name) => this.#emptyNamespace(name));
    store.onChange((change) => this.#onChange(change));
  }

  /** Finishes what an earlier process had begun to delete. */
  resume(): void {
    for (const { resource, object } of this.store.all()) {
      for (const { uid } of object.metadata.ownerReferences ?? []) if (!this.store.hasUid(uid)) this.#orphaned.add(uid);
      if (resource === namespaces && object.metadata.deletionTimestamp !== undefined) {
        this.#terminating.add(object.metadata.name);
      }
    }
  }

  #onChange(change: ObjectChange): void {
    const { metadata } = change.object;
    if (change.type === 'DELETED') this.#orphaned.add(metadata.uid);
    else if (change.resource === namespaces && metadata.deletionTimestamp !== undefined)
      this.#terminating.add(metadata.name);
  }

  #collect(ownerUid: string): void {
    for (const { resource, object } of this.store.dependentsOf(ownerUid)) {
      const hasLivingOwner = object.metadata.ownerReferences?.some(({ uid }) => this.store.hasUid(uid));
      if (!hasLivingOwner) this.deletion.delete(resource, object.metadata);
    }
  }

  #emptyNamespace(name: string): void {
    const content = [...this.store.all()].filter(({ object }) => object.metadata.namespace === name);
    for (const { resource, object } of content) {
      if (resource === pods) this.deletion.delete(resource, object.metadata, { gracePeriodSeconds: 0 });
      else this.store.remove(resource, object.metadata);
    }
    this.store.remove(namespaces, { name });
  }
}
