import type { Clock } from '@dogwatch/core';

/** Waits that double with each failure in a row. */
export class BackOff {
  private failures = 0;

  constructor(
    private readonly clock: Clock,
    private readonly range: { readonly firstMs: number; readonly maxMs: number },
  ) {}

  reset(): void {
    this.failures = 0;
  }

  /** Waits after a failure, at least as long as `atLeastMs`; returns early when the signal aborts. */
  async wait(signal: AbortSignal, atLeastMs = 0): Promise<void> {
    const { firstMs, maxMs } = this.range;
    const delayMs = Math.min(maxMs, firstMs * 2 ** Math.min(this.failures++, 20));
    await pauseUntil(this.clock, Math.max(delayMs, atLeastMs), signal);
  }
}

/** Waits; returns early when the signal aborts. */
export async function pauseUntil(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  // A sleep rejects for no other reason than the signal.
  if (!signal.aborted) await clock.sleep(delayMs, signal).catch(() => undefined);
}
