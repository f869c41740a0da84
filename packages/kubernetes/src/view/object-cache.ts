import type { ClusterObject, ClusterObjectKind, ClusterObjectKinds } from '@dogwatch/core';

type ByName = Map<string, ClusterObject>;

const none: readonly never[] = Object.freeze([]);

/** The trimmed objects of one cluster with their indexes: by place, by uid, by the uid of their controller. */
export class ObjectCache {
  // Nested maps share the texts that the objects hold anyway; joined keys would be one more text per object.
  private readonly byKind = new Map<ClusterObjectKind, Map<string | null, ByName>>();
  private readonly byUid = new Map<string, ClusterObject>();
  private readonly byController = new Map<string, Map<string, ClusterObject>>();
  private readonly counts = new Map<ClusterObjectKind, number>();

  get<K extends ClusterObjectKind>(kind: K, namespace: string | null, name: string): ClusterObjectKinds[K] | null {
    return (this.byKind.get(kind)?.get(namespace)?.get(name) as ClusterObjectKinds[K] | undefined) ?? null;
  }

  find(uid: string): ClusterObject | null {
    return this.byUid.get(uid) ?? null;
  }

  list<K extends ClusterObjectKind>(kind: K, namespace?: string): ClusterObjectKinds[K][] {
    const namespaces = this.byKind.get(kind);
    if (!namespaces) return [];
    const found: ClusterObject[] = [];
    if (namespace !== undefined) found.push(...(namespaces.get(namespace)?.values() ?? none));
    else for (const byName of namespaces.values()) for (const object of byName.values()) found.push(object);
    return found as ClusterObjectKinds[K][];
  }

  count(kind: ClusterObjectKind): number {
    return this.counts.get(kind) ?? 0;
  }

  controlledBy(uid: string): Iterable<ClusterObject> {
    return this.byController.get(uid)?.values() ?? none;
  }

  /** Puts an object in the place of the one with its kind, namespace and name. */
  set(object: ClusterObject): void {
    const before = this.get(object.kind, object.namespace, object.name);
    if (!before) this.counts.set(object.kind, this.count(object.kind) + 1);
    // Maps keep room for what was deleted: an update must replace, not delete and set.
    else if (before.uid !== object.uid || before.controller?.uid !== object.controller?.uid)
      this.dropFromIndexes(before);
    this.byNameOf(object).set(object.name, object);
    // Nothing is controlled by an event, and events come by the thousand.
    if (object.kind !== 'Event') this.byUid.set(object.uid, object);
    if (!object.controller) return;
    const siblings = this.byController.get(object.controller.uid);
    if (siblings) siblings.set(object.uid, object);
    else this.byController.set(object.controller.uid, new Map([[object.uid, object]]));
  }

  /** Takes away exactly this object; does nothing when another one is in its place. */
  delete(object: ClusterObject): void {
    const namespaces = this.byKind.get(object.kind);
    const byName = namespaces?.get(object.namespace);
    if (byName?.get(object.name) !== object) return;
    byName.delete(object.name);
    if (byName.size === 0) namespaces?.delete(object.namespace);
    this.counts.set(object.kind, this.count(object.kind) - 1);
    this.dropFromIndexes(object);
  }

  private byNameOf(object: ClusterObject): ByName {
    let namespaces = this.byKind.get(object.kind);
    if (!namespaces) this.byKind.set(object.kind, (namespaces = new Map()));
    let byName = namespaces.get(object.namespace);
    if (!byName) namespaces.set(object.namespace, (byName = new Map()));
    return byName;
  }

  private dropFromIndexes(object: ClusterObject): void {
    if (this.byUid.get(object.uid) === object) this.byUid.delete(object.uid);
    if (!object.controller) return;
    const siblings = this.byController.get(object.controller.uid);
    if (siblings?.get(object.uid) === object) siblings.delete(object.uid);
    if (siblings?.size === 0) this.byController.delete(object.controller.uid);
  }
}
