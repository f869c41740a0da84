import { isDeepStrictEqual } from 'node:util';
import type {
  ClusterChange,
  ClusterObject,
  ClusterObjectKind,
  ClusterObjectKinds,
  ClusterView,
  ResourceReference,
  WatchState,
} from '@dogwatch/core';

/** The kinds that Dogwatch itself watches. */
const defaultKinds: readonly ClusterObjectKind[] = ['Pod', 'ReplicaSet', 'Deployment', 'Node', 'Event'];

/** What a memory view may be told at birth. */
export interface MemoryClusterViewOptions {
  readonly kinds?: readonly ClusterObjectKind[];
  /** The state that every watch begins in; `live` unless given, so that absence means absence. */
  readonly state?: WatchState['state'];
  /** Milliseconds since the epoch, for the `since` of watch states. */
  readonly now?: () => number;
}

/** A `ClusterView` that a test fills by hand: `put`, `remove`, `setWatchState`. */
export class MemoryClusterView implements ClusterView {
  readonly kinds: readonly ClusterObjectKind[];
  private readonly objects = new Map<ClusterObjectKind, Map<string, ClusterObject>>();
  private readonly externalOwners = new Map<string, ResourceReference>();
  private readonly states = new Map<ClusterObjectKind, WatchState>();
  private readonly listeners = new Set<(change: ClusterChange) => void>();
  private readonly now: () => number;

  constructor(
    readonly name: string,
    options: MemoryClusterViewOptions = {},
  ) {
    this.kinds = options.kinds ?? defaultKinds;
    this.now = options.now ?? (() => 0);
    for (const kind of this.kinds) {
      this.objects.set(kind, new Map());
      this.states.set(kind, { kind, state: options.state ?? 'live', since: this.now(), message: null });
    }
  }

  /** Adds or replaces objects; the same object with another uid is told as deleted, then added; an equal one is not told. */
  put(...objects: readonly ClusterObject[]): void {
    for (const after of objects) {
      const ofKind = this.mapOf(after.kind);
      const key = keyOf(after.namespace, after.name);
      const before = ofKind.get(key);
      if (before?.uid === after.uid) {
        if (isDeepStrictEqual(before, after)) continue;
        ofKind.set(key, after);
        this.tell({ type: 'updated', before, after });
        continue;
      }
      if (before) this.remove(before);
      ofKind.set(key, after);
      this.tell({ type: 'added', after });
    }
  }

  /** Removes objects by kind, namespace and name; what is not there is not told. */
  remove(...objects: readonly Pick<ClusterObject, 'kind' | 'namespace' | 'name'>[]): void {
    for (const object of objects) {
      const ofKind = this.mapOf(object.kind);
      const key = keyOf(object.namespace, object.name);
      const before = ofKind.get(key);
      if (!before) continue;
      ofKind.delete(key);
      // What it controlled is deleted after it and keeps its owner until then.
      if (before.controller) this.externalOwners.set(before.uid, before.controller);
      this.tell({ type: 'deleted', before });
    }
  }

  /** Says that an object of a kind that is not watched (a Job) is controlled by another one (its CronJob). */
  setExternalOwner(uid: string, owner: ResourceReference): void {
    this.externalOwners.set(uid, owner);
  }

  /** Changes and tells the state of a watch. */
  setWatchState(kind: ClusterObjectKind, state: WatchState['state'], message: string | null = null): void {
    const next: WatchState = { kind, state, since: this.now(), message };
    this.states.set(kind, next);
    this.tell({ type: 'watch-state', state: next });
  }

  get<K extends ClusterObjectKind>(kind: K, namespace: string | null, name: string): ClusterObjectKinds[K] | null {
    return (this.objects.get(kind)?.get(keyOf(namespace, name)) as ClusterObjectKinds[K] | undefined) ?? null;
  }

  list<K extends ClusterObjectKind>(
    kind: K,
    options: { readonly namespace?: string } = {},
  ): Iterable<ClusterObjectKinds[K]> {
    const all = [...(this.objects.get(kind)?.values() ?? [])] as ClusterObjectKinds[K][];
    return options.namespace === undefined ? all : all.filter((object) => object.namespace === options.namespace);
  }

  controlledBy<K extends ClusterObjectKind>(kind: K, ownerUid: string): Iterable<ClusterObjectKinds[K]> {
    return [...this.list(kind)].filter((object) => object.controller?.uid === ownerUid);
  }

  podsOf(ownerUid: string): Iterable<ClusterObjectKinds['Pod']> {
    return [...this.list('Pod')].filter((pod) => this.ownerOf(pod).uid === ownerUid);
  }

  eventsOf(uid: string): readonly ClusterObjectKinds['Event'][] {
    return [...this.list('Event')]
      .filter((event) => event.involved.uid === uid)
      .sort((one, other) => other.lastSeenAt - one.lastSeenAt);
  }

  ownerOf(object: ClusterObject): ResourceReference {
    let owner: ResourceReference = { kind: object.kind, name: object.name, uid: object.uid };
    let next: ResourceReference | null = object.controller;
    const seen = new Set([object.uid]);
    while (next?.uid && !seen.has(next.uid)) {
      seen.add(next.uid);
      owner = { kind: next.kind, name: next.name, uid: next.uid };
      next = this.findByUid(next.uid)?.controller ?? this.externalOwners.get(next.uid) ?? null;
    }
    return owner;
  }

  isComplete(kind: ClusterObjectKind): boolean {
    return this.states.get(kind)?.state === 'live';
  }

  watchStates(): readonly WatchState[] {
    return [...this.states.values()];
  }

  onChange(listener: (change: ClusterChange) => void): () => void {
    const own = (change: ClusterChange): void => listener(change);
    this.listeners.add(own);
    return () => {
      this.listeners.delete(own);
    };
  }

  private mapOf(kind: ClusterObjectKind): Map<string, ClusterObject> {
    const found = this.objects.get(kind);
    if (!found) throw new Error(`The view '${this.name}' does not hold '${kind}'; it holds: ${this.kinds.join(', ')}.`);
    return found;
  }

  private findByUid(uid: string): ClusterObject | undefined {
    for (const ofKind of this.objects.values()) {
      for (const object of ofKind.values()) if (object.uid === uid) return object;
    }
    return undefined;
  }

  private tell(change: ClusterChange): void {
    for (const listener of [...this.listeners]) listener(change);
  }
}

function keyOf(namespace: string | null, name: string): string {
  return `${namespace ?? ''}/${name}`;
}
