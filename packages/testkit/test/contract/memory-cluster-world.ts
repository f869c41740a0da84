import type { ClusterObject, ClusterObjectKind, ResourceReference } from '@dogwatch/core';
import { type ClusterWorld, MemoryClusterView } from '@dogwatch/testkit';

/** A cluster that is nothing but a map, and a memory view that a real one's rules keep in step with it. */
export class MemoryClusterWorld implements ClusterWorld {
  private readonly cluster = new Map<string, ClusterObject>();
  private readonly forbidden = new Set<ClusterObjectKind>();
  private readonly watched = new Set<ClusterObjectKind>();

  constructor(readonly view = new MemoryClusterView('test', { state: 'starting' })) {}

  // The cases take the functions out of the world: each must know its own.
  readonly start = async (): Promise<void> => {
    for (const kind of this.view.kinds) {
      if (this.forbidden.has(kind))
        this.view.setWatchState(kind, 'forbidden', `no right to list ${kind.toLowerCase()}s`);
      else await this.healWatch(kind);
    }
  };

  readonly put = async (...objects: readonly ClusterObject[]): Promise<void> => {
    for (const object of objects) {
      this.cluster.set(keyOf(object), object);
      if (this.watched.has(object.kind)) this.view.put(object);
    }
  };

  readonly remove = async (...objects: readonly ClusterObject[]): Promise<void> => {
    for (const object of objects) {
      this.cluster.delete(keyOf(object));
      if (this.watched.has(object.kind)) this.view.remove(object);
    }
  };

  readonly putExternal = async (
    object: ResourceReference,
    _namespace: string,
    controller: ResourceReference | null,
  ): Promise<void> => {
    if (controller && object.uid !== null) this.view.setExternalOwner(object.uid, controller);
  };

  readonly breakWatch = async (kind: ClusterObjectKind): Promise<void> => {
    this.watched.delete(kind);
    this.view.setWatchState(kind, 'recovering', 'connection refused');
  };

  readonly healWatch = async (kind: ClusterObjectKind): Promise<void> => {
    const present = [...this.cluster.values()].filter((object) => object.kind === kind);
    this.view.put(...present);
    for (const object of this.view.list(kind)) if (!this.cluster.has(keyOf(object))) this.view.remove(object);
    this.watched.add(kind);
    this.view.setWatchState(kind, 'live');
  };

  readonly forbid = async (kind: ClusterObjectKind): Promise<void> => {
    this.forbidden.add(kind);
  };
}

function keyOf(object: ClusterObject): string {
  return `${object.kind}/${object.namespace ?? ''}/${object.name}`;
}
