import type { KubeObject } from './kube-object.js';
import type { ResourceType } from './resource-type.js';

/** One change of one object, in the order of its resourceVersion. */
export interface ObjectChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceType;
  readonly object: KubeObject;
  /** What was stored before; `null` for a new object. */
  readonly previous: KubeObject | null;
  readonly resourceVersion: number;
}

/** Names one object of one resource; the namespace of a cluster-wide object is left out. */
export interface ObjectKey {
  readonly namespace?: string | undefined;
  readonly name: string;
}

interface Shelf {
  readonly objects: Map<string, KubeObject>;
  sortedKeys: string[] | null;
}

function keyOf(key: ObjectKey): string {
  return `${key.namespace ?? ''}/${key.name}`;
}

/** Keeps all objects and the one rising resourceVersion; stored objects are replaced, never changed in place. */
export class ObjectStore {
  #resourceVersion = 1;
  readonly #shelves = new Map<ResourceType, Shelf>();
  readonly #dependents = new Map<string, Map<string, { resource: ResourceType; key: string }>>();
  readonly #byUid = new Set<string>();
  readonly #listeners = new Set<(change: ObjectChange) => void>();

  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  /** Listeners are called synchronously, in the order of the changes; they must not write (a reaction is a task of its own). */
  onChange(listener: (change: ObjectChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get(resource: ResourceType, key: ObjectKey): KubeObject | undefined {
    return this.#shelf(resource).objects.get(keyOf(key));
  }

  hasUid(uid: string): boolean {
    return this.#byUid.has(uid);
  }

  /** Lists in the order of namespace and name, as etcd does. */
  list(resource: ResourceType, namespace?: string): KubeObject[] {
    const shelf = this.#shelf(resource);
    shelf.sortedKeys ??= [...shelf.objects.keys()].sort();
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    const listed: KubeObject[] = [];
    for (const key of shelf.sortedKeys) {
      const object = key.startsWith(prefix) ? shelf.objects.get(key) : undefined;
      if (object) listed.push(object);
    }
    return listed;
  }

  /** Lists the objects of one type whose ownerReferences name this uid. */
  dependentsOf(uid: string, resource?: ResourceType): { resource: ResourceType; object: KubeObject }[] {
    const found: { resource: ResourceType; object: KubeObject }[] = [];
    for (const entry of this.#dependents.get(uid)?.values() ?? []) {
      if (resource !== undefined && entry.resource !== resource) continue;
      const object = this.#shelf(entry.resource).objects.get(entry.key);
      if (object) found.push({ resource: entry.resource, object });
    }
    return found;
  }

  /** Stores a new or changed object under the next resourceVersion and announces it. */
  put(resource: ResourceType, object: KubeObject): KubeObject {
    const key = keyOf(object.metadata);
    const shelf = this.#shelf(resource);
    const previous = shelf.objects.get(key) ?? null;
    const resourceVersion = ++this.#resourceVersion;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(resourceVersion) } };
    this.#place(resource, stored, previous);
    this.#announce({ type: previous ? 'MODIFIED' : 'ADDED', resource, object: stored, previous, resourceVersion });
    return stored;
  }

  /** Changes a draft of the stored object; does nothing when it is gone or the draft stays equal. */
  change(resource: ResourceType, key: ObjectKey, edit: (draft: KubeObject) => void): KubeObject | undefined {
    const current = this.get(resource, key);
    if (!current) return undefined;
    const draft = structuredClone(current);
    edit(draft);
    return JSON.stringify(draft) === JSON.stringify(current) ? current : this.put(resource, draft);
  }

  /** Removes an object; the announced last state carries the resourceVersion of the removal. */
  remove(resource: ResourceType, key: ObjectKey): KubeObject | undefined {
    const shelf = this.#shelf(resource);
    const previous = shelf.objects.get(keyOf(key));
    if (!previous) return undefined;
    const resourceVersion = ++this.#resourceVersion;
    const object = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(resourceVersion) } };
    shelf.objects.delete(keyOf(key));
    shelf.sortedKeys = null;
    this.#byUid.delete(previous.metadata.uid);
    this.#unlink(previous);
    this.#announce({ type: 'DELETED', resource, object, previous, resourceVersion });
    return object;
  }

  /** Takes over a saved world without announcing it. */
  load(objects: readonly { resource: ResourceType; object: KubeObject }[], resourceVersion: number): void {
    this.#resourceVersion = resourceVersion;
    for (const { resource, object } of objects) this.#place(resource, object, null);
  }

  /** Visits every stored object. */
  *all(): Iterable<{ resource: ResourceType; object: KubeObject }> {
    for (const [resource, shelf] of this.#shelves) {
      for (const object of shelf.objects.values()) yield { resource, object };
    }
  }

  #place(resource: ResourceType, object: KubeObject, previous: KubeObject | null): void {
    const shelf = this.#shelf(resource);
    const key = keyOf(object.metadata);
    if (previous) this.#unlink(previous);
    else shelf.sortedKeys = null;
    shelf.objects.set(key, object);
    this.#byUid.add(object.metadata.uid);
    for (const owner of object.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid) ?? new Map<string, { resource: ResourceType; key: string }>();
      this.#dependents.set(owner.uid, dependents.set(object.metadata.uid, { resource, key }));
    }
  }

  #unlink(object: KubeObject): void {
    for (const owner of object.metadata.ownerReferences ?? []) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(object.metadata.uid);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid);
    }
  }

  #announce(change: ObjectChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  #shelf(resource: ResourceType): Shelf {
    let shelf = this.#shelves.get(resource);
    if (!shelf) this.#shelves.set(resource, (shelf = { objects: new Map(), sortedKeys: null }));
    return shelf;
  }
}
