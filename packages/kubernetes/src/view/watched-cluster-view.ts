import type {
  Clock,
  ClusterChange,
  ClusterObject,
  ClusterObjectKind,
  ClusterObjectKinds,
  ClusterView,
  EventObject,
  Logger,
  PodObject,
  ResourceReference,
  WatchState,
} from '@dogwatch/core';
import { EventShelf, type EventLimits } from './event-shelf.js';
import { ObjectCache } from './object-cache.js';
import { OwnerLinks } from './owner-links.js';
import type { OwnerSource } from './owner-lookup.js';
import { PodGate } from './pod-gate.js';

/** Where an object is, within its kind. */
export interface ObjectPlace {
  readonly namespace: string | null;
  readonly name: string;
}

/** What a full list brought. */
export interface ListedObjects {
  readonly objects: readonly ClusterObject[];
  /** Objects that are there but could not be read: they are not gone. `null` when not even the name could be read. */
  readonly unreadable: readonly (ObjectPlace | null)[];
}

/** What a view needs. */
export interface WatchedClusterViewOptions {
  readonly name: string;
  readonly kinds: readonly ClusterObjectKind[];
  readonly owners: OwnerSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly eventLimits?: EventLimits;
}

// A controller is written before what it controls, but its watch may be a moment behind, or not have its first list yet.
const graceWhileLiveMs = 300;
const graceWhileStartingMs = 3000;

/** The `ClusterView` that reflectors fill. */
export class WatchedClusterView implements ClusterView {
  readonly name: string;
  readonly kinds: readonly ClusterObjectKind[];
  private readonly cache = new ObjectCache();
  private readonly links = new OwnerLinks(this.cache);
  private readonly shelf: EventShelf;
  private readonly gate: PodGate;
  private readonly states = new Map<ClusterObjectKind, WatchState>();
  private readonly listeners = new Set<(change: ClusterChange) => void>();
  private readonly clock: Clock;
  private readonly logger: Logger;
  private liveRequest: object | null = null;

  constructor({ name, kinds, owners, clock, logger, eventLimits }: WatchedClusterViewOptions) {
    this.name = name;
    this.kinds = kinds;
    this.clock = clock;
    this.logger = logger;
    this.shelf = new EventShelf(eventLimits);
    this.gate = new PodGate({
      links: this.links,
      owners,
      clock,
      graceMs: (kind) => this.graceMs(kind),
      release: (pod) => this.put(pod),
    });
    for (const kind of kinds) {
      this.states.set(kind, { kind, state: 'starting', since: clock.now(), message: null });
    }
  }

  get<K extends ClusterObjectKind>(kind: K, namespace: string | null, name: string): ClusterObjectKinds[K] | null {
    return this.cache.get(kind, namespace, name);
  }

  list<K extends ClusterObjectKind>(
    kind: K,
    options: { readonly namespace?: string } = {},
  ): Iterable<ClusterObjectKinds[K]> {
    return this.cache.list(kind, options.namespace);
  }

  controlledBy<K extends ClusterObjectKind>(kind: K, ownerUid: string): Iterable<ClusterObjectKinds[K]> {
    const all = [...this.cache.controlledBy(ownerUid)];
    return all.filter((object): object is ClusterObjectKinds[K] => object.kind === kind);
  }

  podsOf(ownerUid: string): Iterable<PodObject> {
    return this.links.podsOf(ownerUid);
  }

  eventsOf(uid: string): readonly EventObject[] {
    const events = this.shelf.of(uid);
    const object = this.cache.find(uid);
    if (object?.kind !== 'Node') return events;
    // The kubelet writes a node's name where its uid belongs.
    const byName = this.shelf.of(object.name).filter((event) => event.involved.kind === 'Node');
    if (byName.length === 0) return events;
    return [...events, ...byName].sort((one, other) => other.lastSeenAt - one.lastSeenAt);
  }

  ownerOf(object: ClusterObject): ResourceReference {
    return this.links.ownerOf(object);
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

  /** How many objects of a kind the view holds. */
  count(kind: ClusterObjectKind): number {
    return this.cache.count(kind);
  }

  /** How many controllers it remembers that are no objects of the view. */
  get linkCount(): number {
    return this.links.size;
  }

  /** Takes the newest state of one object. */
  apply(object: ClusterObject): void {
    if (object.kind === 'Event') return this.applyEvent(object);
    if (object.kind === 'Pod' && !this.gate.admit(object)) {
      const before = this.cache.get('Pod', object.namespace, object.name);
      if (before && before.uid !== object.uid) this.takeAway(before);
      return;
    }
    this.put(object);
  }

  /** Takes the word of a watch that an object is gone. */
  remove(kind: ClusterObjectKind, place: ObjectPlace): void {
    if (kind === 'Pod') this.gate.drop(place);
    const before = this.cache.get(kind, place.namespace, place.name);
    if (before) this.takeAway(before);
  }

  /** Takes a full list: what differs is told, and what the list does not name is gone. */
  replaceAll(kind: ClusterObjectKind, { objects, unreadable }: ListedObjects): void {
    for (const object of objects) this.apply(object);
    // Something without a name is there: it may be any of those that the list does not name.
    if (unreadable.includes(null)) return;
    const present = new Set([...objects, ...unreadable].map((place) => place && placeKey(place)));
    const known: readonly ObjectPlace[] = kind === 'Pod' ? this.gate.heldPods() : [];
    for (const place of [...known, ...this.cache.list(kind)]) {
      if (!present.has(placeKey(place))) this.remove(kind, place);
    }
  }

  /** Takes how a watch is doing. A list of pods counts as told only when those that still wait for their owner are, too. */
  setWatchState(kind: ClusterObjectKind, state: WatchState['state'], message: string | null): void {
    if (kind !== 'Pod') return this.tellWatchState(kind, state, message);
    this.liveRequest = null;
    if (state !== 'live' || this.isComplete('Pod')) return this.tellWatchState(kind, state, message);
    const request = (this.liveRequest = {});
    this.gate.afterHeld(() => {
      if (this.liveRequest === request) this.tellWatchState(kind, state, message);
    });
  }

  /** Drops what has become too old; to be called every minute or so. */
  sweep(): void {
    for (const event of this.shelf.outdated(this.clock.now())) this.takeAway(event);
    if (this.gate.size === 0) this.links.sweep();
  }

  /** Stops what waits for its time; the view stays readable. */
  close(): void {
    this.gate.close();
  }

  private applyEvent(event: EventObject): void {
    const before = this.cache.get('Event', event.namespace, event.name);
    if (!this.shelf.accepts(event, this.clock.now())) {
      if (before && before.uid !== event.uid) this.takeAway(before);
      return;
    }
    this.put(event);
    for (const surplus of this.shelf.surplusBeside(event)) this.takeAway(surplus);
    for (const surplus of this.shelf.surplusOverall()) this.takeAway(surplus);
  }

  private put(after: ClusterObject): void {
    const before = this.cache.get(after.kind, after.namespace, after.name);
    if (before?.uid === after.uid) {
      if (before.resourceVersion === after.resourceVersion) return;
      this.store(after);
      return this.tell({ type: 'updated', before, after });
    }
    if (before) this.takeAway(before);
    this.store(after);
    this.tell({ type: 'added', after });
    if (after.kind !== 'Pod' && after.kind !== 'Event') this.gate.arrived(after.uid);
  }

  private store(object: ClusterObject): void {
    this.cache.set(object);
    if (object.kind === 'Event') this.shelf.add(object);
  }

  private takeAway(before: ClusterObject): void {
    // What it controlled is deleted after it and must keep its owner until then.
    const [child] = this.cache.controlledBy(before.uid);
    this.cache.delete(before);
    if (before.kind === 'Event') this.shelf.delete(before);
    if (child) this.links.link(before.uid, before.controller);
    this.tell({ type: 'deleted', before });
    if (before.controller) this.links.prune(before.controller.uid);
  }

  private tellWatchState(kind: ClusterObjectKind, state: WatchState['state'], message: string | null): void {
    const before = this.states.get(kind);
    if (before?.state === state && before.message === message) return;
    const since = before?.state === state ? before.since : this.clock.now();
    const next: WatchState = Object.freeze({ kind, state, since, message });
    this.states.set(kind, next);
    this.tell({ type: 'watch-state', state: next });
  }

  private tell(change: ClusterChange): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(change);
      } catch (error) {
        const fields = { cluster: this.name, change: change.type, error };
        this.logger.error('cluster_listener_failed', 'A listener of the cluster view threw', fields);
      }
    }
  }

  private graceMs(kind: string): number | null {
    const state = this.states.get(kind as ClusterObjectKind);
    if (!state) return null;
    return state.state === 'starting' ? graceWhileStartingMs : graceWhileLiveMs;
  }
}

function placeKey({ namespace, name }: ObjectPlace): string {
  return `${namespace ?? ''}/${name}`;
}
