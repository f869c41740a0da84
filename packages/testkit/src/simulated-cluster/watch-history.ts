import type { ObjectChange, ObjectStore } from './object-store.js';
import type { ResourceType } from './resource-type.js';

/** Remembers the newest changes, so that a watch can begin at an earlier resourceVersion, and hands on the new ones. */
export class WatchHistory {
  #changes: ObjectChange[] = [];
  #oldest: number;
  readonly #subscribers = new Map<ResourceType, Set<(change: ObjectChange) => void>>();

  constructor(
    private readonly store: ObjectStore,
    private readonly maxChanges: number,
  ) {
    this.#oldest = store.resourceVersion;
    store.onChange((change) => this.#record(change));
  }

  /** Forgets everything up to now: older watches and list pages get 410. */
  compact(): void {
    this.#changes = [];
    this.#oldest = this.store.resourceVersion;
  }

  /** The smallest resourceVersion from which a watch can still begin. */
  get oldestResourceVersion(): number {
    return this.#oldest;
  }

  /** Replays what came after `fromVersion` and then every new change; `null` when that version is forgotten. */
  subscribe(
    resource: ResourceType,
    fromVersion: number,
    onChange: (change: ObjectChange) => void,
  ): (() => void) | null {
    if (fromVersion < this.#oldest) return null;
    for (const change of this.#since(fromVersion)) if (change.resource === resource) onChange(change);
    const subscribers = this.#subscribers.get(resource) ?? new Set();
    this.#subscribers.set(resource, subscribers.add(onChange));
    return () => subscribers.delete(onChange);
  }

  #since(fromVersion: number): ObjectChange[] {
    let first = this.#changes.length;
    while (first > 0 && (this.#changes[first - 1] as ObjectChange).resourceVersion > fromVersion) first -= 1;
    return this.#changes.slice(first);
  }

  #record(change: ObjectChange): void {
    this.#changes.push(change);
    // Trimmed in blocks: shifting one by one would move the whole list on every write.
    if (this.#changes.length > this.maxChanges * 1.25) {
      const dropped = this.#changes.splice(0, this.#changes.length - this.maxChanges);
      this.#oldest = (dropped.at(-1) as ObjectChange).resourceVersion;
    }
    for (const subscriber of this.#subscribers.get(change.resource) ?? []) subscriber(change);
  }
}
