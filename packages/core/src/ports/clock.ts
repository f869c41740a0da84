import { definePort } from '../di/define-port.js';

/** A timer that has been set and can be taken back. */
export interface Timer {
  cancel(): void;
}

/** Time, so that tests can own it. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /** Runs `callback` once after `delayMs` milliseconds; it does not keep the process alive. */
  setTimer(callback: () => void, delayMs: number): Timer;
  /** Resolves after `delayMs` milliseconds; rejects with the signal's reason when aborted first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}
export const Clock = definePort<Clock>('core.Clock');

/** A moment in milliseconds as ISO 8601 UTC. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
