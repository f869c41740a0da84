import type { VerifyCondition, VerifySubject } from '@dogwatch/core';

/** A verify condition that holds when a test says so. */
export class FakeCondition implements VerifyCondition {
  isMet = true;
  /** What it was last asked about. */
  subject: VerifySubject | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly name = 'fake_condition',
    readonly holdMs = 0,
  ) {}

  /** Tells whoever waits that a look may be worth it. */
  change(): void {
    for (const listener of [...this.listeners]) listener();
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  async check(subject: VerifySubject): Promise<{ readonly met: boolean; readonly message: string }> {
    this.subject = subject;
    return { met: this.isMet, message: this.isMet ? 'all is well' : 'not yet well' };
  }
}
