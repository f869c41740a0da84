import { setImmediate } from 'node:timers/promises';
import type { Clock, Timer } from '@dogwatch/core';

const startMs = Date.UTC(2026, 0, 1);
// Enough turns for chains of promises that themselves wait for a turn or two of the event loop.
const turnsPerFlush = 5;

interface PendingTimer {
  readonly dueAt: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  private readonly timers = new Set<PendingTimer>();
  private order = 0;

  constructor(private nowMs: number = startMs) {}

  now(): number {
    return this.nowMs;
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const timer = { dueAt: this.nowMs + Math.max(0, delayMs), order: this.order++, callback };
    this.timers.add(timer);
    return { cancel: () => void this.timers.delete(timer) };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const onAbort = (): void => {
        timer.cancel();
        reject(signal?.reason as Error);
      };
      const timer = this.setTimer(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, delayMs);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** How many timers and sleepers wait. */
  get pendingTimers(): number {
    return this.timers.size;
  }

  /** Moves time forward; timers run when they are due, in order, each with all that follows from it before the next one. */
  async advance(ms: number): Promise<void> {
    const until = this.nowMs + ms;
    await this.flush();
    for (let next = this.nextDue(until); next !== null; next = this.nextDue(until)) {
      this.timers.delete(next);
      this.nowMs = next.dueAt;
      next.callback();
      await this.flush();
    }
    this.nowMs = until;
  }

  /** Lets everything run that waits for nothing but its turn; time stands still. */
  async flush(): Promise<void> {
    for (let turn = 0; turn < turnsPerFlush; turn++) await setImmediate();
  }

  private nextDue(until: number): PendingTimer | null {
    let next: PendingTimer | null = null;
    for (const timer of this.timers) {
      if (timer.dueAt > until) continue;
      if (next === null || timer.dueAt < next.dueAt || (timer.dueAt === next.dueAt && timer.order < next.order)) {
        next = timer;
      }
    }
    return next;
  }
}
