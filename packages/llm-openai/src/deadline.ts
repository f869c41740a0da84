import type { Clock, Timer } from '@dogwatch/core';

/** The end of the time that a call may take, joined with the caller's own signal. */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly endsAt: number;
  private readonly timer: Timer;
  private readonly onAbort = (): void => this.controller.abort(this.caller.reason);

  constructor(
    private readonly clock: Clock,
    timeoutMs: number,
    private readonly caller: AbortSignal,
  ) {
    this.endsAt = clock.now() + timeoutMs;
    this.timer = clock.setTimer(() => this.controller.abort(new Error('The time is over.')), timeoutMs);
    caller.addEventListener('abort', this.onAbort, { once: true });
    if (caller.aborted) this.onAbort();
  }

  /** Aborts at the deadline, and when the caller's signal does. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Whether the caller gave up, and not the clock. */
  get isCallersAbort(): boolean {
    return this.caller.aborted && this.signal.reason === this.caller.reason;
  }

  /** Milliseconds that are left. */
  leftMs(): number {
    return this.endsAt - this.clock.now();
  }

  /** Throws the signal's reason when there is no time left. */
  throwIfOver(): void {
    this.signal.throwIfAborted();
  }

  /** Waits for nothing any more. */
  clear(): void {
    this.timer.cancel();
    this.caller.removeEventListener('abort', this.onAbort);
  }
}
