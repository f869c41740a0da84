import { definePort } from '../di/define-port.js';
import type { ClusterObject, ClusterObjectKind, ClusterObjectKinds } from '../domain/cluster-object.js';
import type { ResourceReference } from '../domain/resource-reference.js';

/** How the watch of one kind is doing. Times are milliseconds since the epoch. */
export interface WatchState {
  readonly kind: ClusterObjectKind;
  /**
   * `starting`: no full list yet · `live`: list complete, watch running · `recovering`: had a list, the watch is broken
   * and being rebuilt · `forbidden`: the service account lacks a right, tried again every minute.
   */
  readonly state: 'starting' | 'live' | 'recovering' | 'forbidden';
  readonly since: number;
  /** For an operator: the error, or the missing right (`list nodes`), and the remedy. `null` while all is well. */
  readonly message: string | null;
}

/** One thing that changed in a view. `before`/`after` are whole trimmed objects; after a relist only real changes are told. */
export type ClusterChange =
  | { readonly type: 'added'; readonly after: ClusterObject }
  | { readonly type: 'updated'; readonly before: ClusterObject; readonly after: ClusterObject }
  | { readonly type: 'deleted'; readonly before: ClusterObject }
  /** The first full list of the kind is in (told after its objects), or the state of its watch changed. */
  | { readonly type: 'watch-state'; readonly state: WatchState };

/**
 * A read-only, indexed view of one cluster, kept fresh by watches; objects are trimmed and frozen.
 *
 * An object that was deleted and created again under the same name is told as `deleted`, then `added` (another uid).
 * Changes of one object come in order, none is told twice; nothing is promised across objects. Listeners run
 * synchronously after the view has changed; they must be quick and must not throw. What is absent counts as gone only
 * while `isComplete(kind)`: never conclude from an incomplete list.
 */
export interface ClusterView {
  /** The cluster's name, first part of every key. */
  readonly name: string;
  readonly kinds: readonly ClusterObjectKind[];
  get<K extends ClusterObjectKind>(kind: K, namespace: string | null, name: string): ClusterObjectKinds[K] | null;
  list<K extends ClusterObjectKind>(
    kind: K,
    options?: { readonly namespace?: string },
  ): Iterable<ClusterObjectKinds[K]>;
  /** Objects whose controller is the object with this uid; indexed. */
  controlledBy<K extends ClusterObjectKind>(kind: K, ownerUid: string): Iterable<ClusterObjectKinds[K]>;
  /** Pods whose `ownerOf` is the object with this uid; indexed. */
  podsOf(ownerUid: string): Iterable<ClusterObjectKinds['Pod']>;
  /** Events about the object with this uid, newest first; indexed. */
  eventsOf(uid: string): readonly ClusterObjectKinds['Event'][];
  /**
   * The end of the chain of controller ownerReferences, also through kinds that are not watched (a Job's CronJob is
   * known before the Job's pod appears in the view); the object itself when nothing controls it.
   */
  ownerOf(object: ClusterObject): ResourceReference;
  /** True when the kind's list is full and its watch live: absence means absence. */
  isComplete(kind: ClusterObjectKind): boolean;
  watchStates(): readonly WatchState[];
  /** Tells every change after this call; the current objects are not told again. */
  onChange(listener: (change: ClusterChange) => void): () => void;
}

/** The watched clusters by name. The set is fixed when the app starts. */
export interface ClusterRegistry {
  list(): readonly ClusterView[];
  get(name: string): ClusterView | null;
}
export const ClusterRegistry = definePort<ClusterRegistry>('core.ClusterRegistry');
