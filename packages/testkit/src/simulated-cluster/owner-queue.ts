import { controllerOf, type KubeObject } from './kube-object.js';
import type { ObjectStore } from './object-store.js';
import { pods, type ResourceType } from './resource-type.js';
import type { SimulationClock } from './simulation-clock.js';
import { WorkQueue } from './work-queue.js';
import type { Pod } from './workload-objects.js';

/** Calls a controller for each workload of one type that changed, or whose pods did. */
export class OwnerQueue {
  readonly #queue: WorkQueue;

  constructor(
    private readonly store: ObjectStore,
    private readonly resource: ResourceType,
    clock: SimulationClock,
    reconcile: (owner: KubeObject, owned: readonly Pod[]) => void,
  ) {
    this.#queue = new WorkQueue(clock, (key) => {
      const [namespace, name = ''] = key.split('/');
      const owner = store.get(resource, { namespace, name });
      if (!owner || owner.metadata.deletionTimestamp !== undefined) return;
      reconcile(
        owner,
        store.dependentsOf(owner.metadata.uid, pods).map(({ object }) => object as Pod),
      );
    });
    store.onChange(({ type, resource: changed, object }) => {
      if (changed === resource && type !== 'DELETED') this.add(object);
      if (changed !== pods) return;
      const owner = controllerOf(object);
      if (owner?.kind === resource.kind) this.#queue.add(`${object.metadata.namespace}/${owner.name}`);
    });
  }

  add({ metadata }: KubeObject): void {
    this.#queue.add(`${metadata.namespace}/${metadata.name}`);
  }

  addAll(): void {
    for (const owner of this.store.list(this.resource)) this.add(owner);
  }
}
