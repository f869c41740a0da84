import type { Clock, Timer } from '../ports/clock.js';

/** What waits for its time, by key: the newest state of each alone. */
export class HeldMessages<T> {
  private readonly held = new Map<string, { newest: T; readonly timer: Timer }>();

  constructor(private readonly clock: Clock) {}

  has(key: string): boolean {
    return this.held.has(key);
  }

  /** Gives the newest state to `release` when the time of the first one is over. */
  hold(key: string, state: T, { waitMs, release }: { waitMs: number; release: (newest: T) => void }): void {
    const known = this.held.get(key);
    if (known !== undefined) {
      known.newest = state;
      return;
    }
    const timer = this.clock.setTimer(() => {
      const due = this.held.get(key);
      this.held.delete(key);
      if (due !== undefined) release(due.newest);
    }, waitMs);
    this.held.set(key, { newest: state, timer });
  }

  drop(key: string): void {
    this.held.get(key)?.timer.cancel();
    this.held.delete(key);
  }

  stop(): void {
    for (const { timer } of this.held.values()) timer.cancel();
    this.held.clear();
  }
}
