import type { VerifyCondition, VerifySubject } from '@dogwatch/core';

/** A verify condition that holds when a test says so. */
export class FakeCondition implements VerifyCondition {
  isMet = true;
  /** What it was last asked about. */
  subject: VerifySubject | null = null;

  constructor(
    readonly name = 'fake_condition',
    readonly holdMs = 0,
  ) {}

  async check(subject: VerifySubject): Promise<{ readonly met: boolean; readonly message: string }> {
    this.subject = subject;
    return { met: this.isMet, message: this.isMet ? 'all is well' : 'not yet well' };
  }
}
