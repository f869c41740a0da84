import { isAppError } from '../errors/app-error.js';
import type { Clock } from '../ports/clock.js';

/** So many deliveries a room takes at once; more follow one a second. */
export const ROOM_BURST = 40;
const refillMs = 1_000;
// After the last try the failure stands; the next change of the message tries again.
const retryDelaysMs = [1_000, 5_000, 15_000, 30_000, 60_000, 120_000];

/** Something that is to be delivered to a room. */
export interface Delivery {
  /** Tells it from others of the room: a newer delivery of the same key takes the place of one that waits. */
  readonly key: string;
  /** Goes before others. */
  readonly isUrgent: boolean;
  /** Not earlier than after this pause; 0 if absent. */
  readonly delayMs?: number;
  /** Sends; answers false when there was nothing to send. Rejects as a channel does. */
  send(): Promise<boolean>;
  /** Called once when it could not be sent. */
  giveUp(error: unknown): Promise<void>;
}

interface Waiting {
  delivery: Delivery;
  dueMs: number;
  tries: number;
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Delivers to one room, one thing after the other and not too fast: the newest state of each message alone, urgent ones
 * first. A room that says it is asked too often is left alone for as long as it says; other rooms have their own outbox.
 */
export class RoomOutbox {
  private readonly waiting = new Map<string, Waiting>();
  private tokens = ROOM_BURST;
  private refilledMs: number;
  private pausedUntilMs = 0;
  private isWorking = false;
  private isStopped = false;
  private wake: AbortController = new AbortController();

  constructor(private readonly clock: Clock) {
    this.refilledMs = clock.now();
  }

  /** Sends nothing more, and leaves what waits unsettled. */
  stop(): void {
    this.isStopped = true;
    this.wake.abort();
  }

  /** Resolves when it, or what took its place, was sent or given up; rejects when giving up itself fails. */
  put(delivery: Delivery): Promise<void> {
    const dueMs = this.clock.now() + (delivery.delayMs ?? 0);
    const known = this.waiting.get(delivery.key);
    if (known !== undefined) {
      known.delivery = delivery;
      return known.done;
    }
    const waiting = begin(delivery, dueMs);
    this.waiting.set(delivery.key, waiting);
    this.wake.abort();
    if (!this.isWorking) {
      this.isWorking = true;
      void this.work();
    }
    return waiting.done;
  }

  private async work(): Promise<void> {
    // Everything that is put in the same turn is seen before the first choice.
    await Promise.resolve();
    while (this.waiting.size > 0 && !this.isStopped) {
      const waitMs = this.waitMs();
      if (waitMs > 0) {
        this.wake = new AbortController();
        // Something new wakes it early.
        await this.clock.sleep(waitMs, this.wake.signal).catch(() => undefined);
        continue;
      }
      const next = this.choose();
      if (next !== undefined) await this.deliver(next);
    }
    this.isWorking = false;
  }

  private async deliver(next: Waiting): Promise<void> {
    const { delivery } = next;
    this.waiting.delete(delivery.key);
    try {
      if (await delivery.send()) this.tokens--;
      next.resolve();
    } catch (error) {
      const delayMs = retryDelaysMs[next.tries];
      const retryAfterMs = isAppError(error) ? (error.retryAfterMs ?? 0) : 0;
      if (isAppError(error) && error.isRetryable) this.pause(retryAfterMs);
      if (delayMs === undefined || !isAppError(error) || !error.isRetryable) {
        await delivery.giveUp(error).then(next.resolve, next.reject);
        return;
      }
      this.retry(next, this.clock.now() + Math.max(delayMs, retryAfterMs));
    }
  }

  // What came meanwhile is newer, and keeps the place; both learn what comes of it.
  private retry(failed: Waiting, dueMs: number): void {
    const newer = this.waiting.get(failed.delivery.key);
    const again: Waiting = { ...failed, delivery: newer?.delivery ?? failed.delivery, dueMs, tries: failed.tries + 1 };
    if (newer !== undefined) again.done.then(newer.resolve, newer.reject);
    this.waiting.set(failed.delivery.key, again);
  }

  private pause(forMs: number): void {
    this.pausedUntilMs = Math.max(this.pausedUntilMs, this.clock.now() + forMs);
  }

  private waitMs(): number {
    const nowMs = this.clock.now();
    const refills = Math.floor((nowMs - this.refilledMs) / refillMs);
    this.tokens = Math.min(ROOM_BURST, this.tokens + refills);
    this.refilledMs = this.tokens === ROOM_BURST ? nowMs : this.refilledMs + refills * refillMs;
    const tokenMs = this.tokens > 0 ? 0 : this.refilledMs + refillMs - nowMs;
    const dueMs = Math.min(...[...this.waiting.values()].map((waiting) => waiting.dueMs)) - nowMs;
    return Math.max(0, tokenMs, dueMs, this.pausedUntilMs - nowMs);
  }

  private choose(): Waiting | undefined {
    const nowMs = this.clock.now();
    const due = [...this.waiting.values()].filter((waiting) => waiting.dueMs <= nowMs);
    return due.find((waiting) => waiting.delivery.isUrgent) ?? due[0];
  }
}

function begin(delivery: Delivery, dueMs: number): Waiting {
  let settle: Pick<Waiting, 'resolve' | 'reject'> | null = null;
  const done = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  // The executor has run by now, which the compiler cannot know.
  return { delivery, dueMs, tries: 0, done, ...(settle as unknown as Pick<Waiting, 'resolve' | 'reject'>) };
}
