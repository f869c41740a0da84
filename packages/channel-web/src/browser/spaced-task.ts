/** A task that is asked for often and done seldom: at once, then never sooner than `gapMs` after the time before. */
export class SpacedTask {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isRunning = false;
  private isDue = false;
  private lastAt = -Infinity;

  constructor(
    private readonly work: () => Promise<void>,
    private readonly gapMs: number,
  ) {}

  /** Asks for the task; `afterMs` from now at the earliest. What is asked for already is not put off by asking again. */
  request(afterMs = 0): void {
    this.isDue = true;
    if (this.isRunning || this.timer !== null) return;
    const waitMs = Math.max(afterMs, this.lastAt + this.gapMs - performance.now());
    this.timer = setTimeout(() => void this.run(), waitMs);
  }

  /** Does nothing for this long, then does the task. */
  holdFor(ms: number): void {
    this.lastAt = performance.now() + ms - this.gapMs;
    this.request();
  }

  cancel(): void {
    this.isDue = false;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private async run(): Promise<void> {
    this.timer = null;
    this.isRunning = true;
    this.isDue = false;
    this.lastAt = performance.now();
    await this.work();
    this.isRunning = false;
    if (this.isDue) this.request();
  }
}
