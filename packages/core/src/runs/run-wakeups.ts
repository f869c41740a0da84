import { definePort } from '../di/define-port.js';

/**
 * Tells whichever replica has time that a run can go on. A wake-up, never the truth: it may be lost, or come twice or late, so
 * workers follow the log as well.
 *
 * Nothing here throws, and nothing is waited for: whoever has just appended what lets a run go on must not fail or wait for that.
 */
export interface RunWakeups {
  /**
   * True: one worker of all replicas is told at once, and the others need not look at a run right away. False: nobody is told, and
   * whoever works on runs goes by the log alone, at once.
   */
  readonly areShared: boolean;
  /** A run can go on. */
  soon(runId: string): void;
  /** A run can go on at that time, at the latest; a newer time replaces it. */
  at(runId: string, atMs: number): void;
  /** Every open run may be able to go on. */
  everyOpen(): void;
  /** Hands what comes to this replica to its worker; what that throws makes another one be told. */
  take(wake: (runId: string) => void): void;
}
export const RunWakeups = definePort<RunWakeups>('core.RunWakeups');

/** Tells nobody: of those who work on runs each goes by the log. */
export class NoRunWakeups implements RunWakeups {
  readonly areShared = false;

  soon(): void {
    // The log tells.
  }

  at(): void {
    // Whoever has looked at the run has a timer.
  }

  everyOpen(): void {
    // The log tells.
  }

  take(): void {
    // Nothing ever comes.
  }
}
