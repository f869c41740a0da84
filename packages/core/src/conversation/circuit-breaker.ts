import type { Clock } from '../ports/clock.js';

/** When something counts as broken, and how long it is left alone then. */
export interface BreakerOptions {
  /** So many failures in a row. */
  readonly failures: number;
  readonly restMs: number;
}

// Whatever whoever is asked says about it.
const longestRestMs = 10 * 60_000;

/** How an attempt ended; `unknown` says nothing about who was asked, as when nobody waits any more. */
export type AttemptEnd = 'success' | 'failure' | 'unknown';

/** Leaves something alone that fails again and again; after a rest one attempt tries whether it is back. */
export class CircuitBreaker {
  private failures = 0;
  private restsUntil = 0;
  private isProbing = false;

  constructor(
    private readonly clock: Clock,
    private readonly options: BreakerOptions,
  ) {}

  /** True from the last of the failures in a row until an attempt succeeds. */
  get isOpen(): boolean {
    return this.failures >= this.options.failures;
  }

  /** Failures in a row so far. */
  get failuresInARow(): number {
    return this.failures;
  }

  /** Milliseconds until the next attempt is let through; 0 = it would be now, `null` = one is on its way whose end is waited for. */
  get waitMs(): number | null {
    if (!this.isOpen) return 0;
    return this.isProbing ? null : Math.max(0, this.restsUntil - this.clock.now());
  }

  /** Begins an attempt; `null` when none may be made now. Whoever began it must end it, once. */
  begin(): ((end: AttemptEnd, restAtLeastMs?: number) => void) | null {
    if (this.waitMs !== 0) return null;
    const isProbe = this.isOpen;
    if (isProbe) this.isProbing = true;
    return (end, restAtLeastMs = 0) => {
      if (isProbe) this.isProbing = false;
      if (end === 'success') this.failures = 0;
      if (end === 'failure') this.fail(restAtLeastMs);
    };
  }

  private fail(restAtLeastMs: number): void {
    this.failures += 1;
    if (this.isOpen)
      this.restsUntil = this.clock.now() + Math.max(this.options.restMs, Math.min(restAtLeastMs, longestRestMs));
  }
}
