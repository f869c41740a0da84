/** Since when something has held, for each length of time that it may have to hold. */
export class HoldTimer {
  private readonly since = new Map<number, number>();

  get isRunning(): boolean {
    return this.since.size > 0;
  }

  /**
   * It holds now, and must for `forMs`. What has to hold for longer goes on being held: it is the same problem in a more
   * urgent form. Answers when the first of them has held long enough.
   */
  hold(forMs: number, now: number): number {
    for (const other of [...this.since.keys()]) if (other < forMs) this.since.delete(other);
    if (!this.since.has(forMs)) this.since.set(forMs, now);
    return Math.min(...[...this.since].map(([length, since]) => since + length));
  }

  reset(): void {
    this.since.clear();
  }
}
