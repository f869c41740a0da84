import type { JobRateLimit } from '../ports/job-queue.js';

/** Lets no more than so many starts through in a while, for each key by itself. */
export class StartLimit {
  private readonly starts = new Map<string, number[]>();

  constructor(private readonly limit: JobRateLimit) {}

  /** Counts a start now and answers 0; or how many milliseconds to wait, and counts nothing. */
  take(key: string, nowMs: number): number {
    const { max, perMs } = this.limit;
    this.forget(nowMs);
    const known = (this.starts.get(key) ?? []).filter((at) => at > nowMs - perMs);
    const first = known[known.length - max];
    if (first !== undefined) return first + perMs - nowMs;
    this.starts.set(key, [...known, nowMs]);
    return 0;
  }

  private forget(nowMs: number): void {
    for (const [key, starts] of this.starts) {
      if ((starts.at(-1) ?? 0) <= nowMs - this.limit.perMs) this.starts.delete(key);
    }
  }
}
