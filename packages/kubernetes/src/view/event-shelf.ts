import type { EventObject } from '@dogwatch/core';

/** How long an event is of use, and how many are kept. */
export interface EventLimits {
  readonly maxAgeMs: number;
  readonly perObject: number;
  readonly overall: number;
}

/** What the API server itself keeps by default is an hour, too: `--event-ttl`. */
export const defaultEventLimits: EventLimits = { maxAgeMs: 60 * 60 * 1000, perObject: 10, overall: 5000 };

const none: readonly EventObject[] = Object.freeze([]);

/** The Warning events by the uid of what they are about, newest first, bounded in age and number. */
export class EventShelf {
  private readonly byInvolved = new Map<string, readonly EventObject[]>();
  private total = 0;

  constructor(private readonly limits: EventLimits = defaultEventLimits) {}

  of(uid: string): readonly EventObject[] {
    return this.byInvolved.get(uid) ?? none;
  }

  /** Whether an event is worth keeping at all. */
  accepts(event: EventObject, now: number): boolean {
    if (event.type !== 'Warning' || event.involved.uid === null) return false;
    if (now - event.lastSeenAt > this.limits.maxAgeMs) return false;
    const shelf = this.of(event.involved.uid);
    const oldest = shelf.length < this.limits.perObject ? undefined : shelf.at(-1);
    return oldest === undefined || event.lastSeenAt >= oldest.lastSeenAt || shelf.some((one) => one.uid === event.uid);
  }

  /** Puts an event, in the place of an older state of it. */
  add(event: EventObject): void {
    const uid = event.involved.uid;
    if (uid === null) return;
    const others = this.of(uid).filter((one) => one.uid !== event.uid);
    this.total += others.length + 1 - this.of(uid).length;
    const sorted = [event, ...others].sort((one, other) => other.lastSeenAt - one.lastSeenAt);
    this.byInvolved.set(uid, Object.freeze(sorted));
  }

  delete(event: EventObject): void {
    const uid = event.involved.uid;
    if (uid === null) return;
    const before = this.of(uid);
    const after = before.filter((one) => one.uid !== event.uid);
    this.total -= before.length - after.length;
    if (after.length === 0) this.byInvolved.delete(uid);
    else this.byInvolved.set(uid, Object.freeze(after));
  }

  /** What is too many about the same object, after `event` was added. */
  surplusBeside(event: EventObject): readonly EventObject[] {
    return this.of(event.involved.uid ?? '').slice(this.limits.perObject);
  }

  /** What is too many overall, oldest first; a tenth more than needed, so that a flood does not sort at every event. */
  surplusOverall(): readonly EventObject[] {
    if (this.total <= this.limits.overall) return none;
    const tooMany = this.total - this.limits.overall + Math.ceil(this.limits.overall / 10);
    return this.all()
      .sort((one, other) => one.lastSeenAt - other.lastSeenAt)
      .slice(0, tooMany);
  }

  /** What has become too old. */
  outdated(now: number): readonly EventObject[] {
    return this.all().filter((event) => now - event.lastSeenAt > this.limits.maxAgeMs);
  }

  private all(): EventObject[] {
    return [...this.byInvolved.values()].flat();
  }
}
