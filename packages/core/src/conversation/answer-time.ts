import type { Clock, Timer } from '../ports/clock.js';

/** Why an answer was stopped that took too long. */
class TimeOver extends Error {}

/** Whether a signal was aborted because the time for the answer is over. */
export function isTimeOver(reason: unknown): boolean {
  return reason instanceof TimeOver;
}

/** The time that one answer may take, joined with the signal of those who wait for it. */
export class AnswerTime {
  /** Whether the time ran out. */
  isOver = false;
  private readonly controller = new AbortController();
  private readonly timer: Timer;
  private readonly onStop = (): void => this.controller.abort(this.outer?.reason);

  constructor(
    clock: Clock,
    timeoutMs: number,
    private readonly outer: AbortSignal | undefined,
  ) {
    this.timer = clock.setTimer(() => {
      this.isOver = true;
      this.controller.abort(new TimeOver('The time for the answer is over.'));
    }, timeoutMs);
    outer?.addEventListener('abort', this.onStop, { once: true });
    if (outer?.aborted === true) this.onStop();
  }

  /** Aborts when the time is over or nobody waits any more. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Whether nobody waits any more. */
  get isStopped(): boolean {
    return !this.isOver && this.signal.aborted;
  }

  /** Ends the waiting. */
  clear(): void {
    this.timer.cancel();
    this.outer?.removeEventListener('abort', this.onStop);
  }
}
