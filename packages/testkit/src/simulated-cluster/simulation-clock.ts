/** The timer functions that the simulation runs on; tests may hand in their own. */
export interface SimulationTimers {
  now(): number;
  /** Calls back once after `delayMs`; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void;
}

/** Timers of the machine; they do not keep the process alive. */
export const systemTimers: SimulationTimers = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Runs the cluster's own durations (start-up, back-off, deadlines) `speed` times faster than real ones. */
export class SimulationClock {
  readonly #cancels = new Set<() => void>();
  #isStopped = false;

  constructor(
    private readonly timers: SimulationTimers,
    readonly speed: number,
  ) {}

  /** The real time, which is what timestamps show. */
  now(): number {
    return this.timers.now();
  }

  /** How much simulated time lies between a real time and now. */
  elapsedSince(realTimeMs: number): number {
    return (this.timers.now() - realTimeMs) * this.speed;
  }

  /** Calls back after a simulated duration; the returned function cancels. */
  after(durationMs: number, callback: () => void): () => void {
    if (this.#isStopped) return () => undefined;
    const cancel = this.timers.after(Math.max(0, durationMs / this.speed), () => {
      this.#cancels.delete(cancel);
      if (!this.#isStopped) callback();
    });
    this.#cancels.add(cancel);
    return () => {
      this.#cancels.delete(cancel);
      cancel();
    };
  }

  /** Cancels everything that is pending; nothing runs any more. */
  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}
