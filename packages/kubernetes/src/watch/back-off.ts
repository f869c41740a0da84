/** Grows delays from half a second to thirty seconds, each with jitter, until it is reset. */
export class BackOff {
  private attempts = 0;

  constructor(
    private readonly random: () => number,
    private readonly firstMs = 500,
    private readonly longestMs = 30_000,
  ) {}

  /** The next delay: between half of the step and all of it, so that many clients do not come back together. */
  next(): number {
    const step = Math.min(this.longestMs, this.firstMs * 2 ** Math.min(this.attempts, 30));
    this.attempts += 1;
    return Math.round(step * (0.5 + this.random() / 2));
  }

  reset(): void {
    this.attempts = 0;
  }
}
