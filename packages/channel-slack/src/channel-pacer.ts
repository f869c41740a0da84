import { isAppError } from '@dogwatch/core';
import type { AppError, Clock } from '@dogwatch/core';
import { KeyedQueue } from './keyed-queue.js';
import { CHANNEL_INTERVAL_MS } from './slack-limits.js';

// How often a call is made before its failure is the caller's.
const maxTries = 5;
const firstPauseMs = 1_000;

/** Sends to each channel in order and no faster than Slack allows; waits as long as a 429 says, and tries again. */
export class ChannelPacer {
  private readonly queue = new KeyedQueue();
  private readonly freeAt = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** Resolves or rejects as the call does in the end. */
  run<T>(channel: string, call: () => Promise<T>): Promise<T> {
    return this.queue.run(channel, () => this.attempt(channel, call));
  }

  private async attempt<T>(channel: string, call: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      await this.waitForTurn(channel);
      try {
        return await call();
      } catch (error) {
        if (tries >= maxTries || !isAppError(error) || !error.isRetryable) throw error;
        this.hold(channel, pauseAfter(error, tries));
      }
    }
  }

  private async waitForTurn(channel: string): Promise<void> {
    const waitMs = (this.freeAt.get(channel) ?? 0) - this.clock.now();
    if (waitMs > 0) await this.clock.sleep(waitMs);
    this.forgetPast();
    this.hold(channel, CHANNEL_INTERVAL_MS);
  }

  private hold(channel: string, ms: number): void {
    this.freeAt.set(channel, Math.max(this.freeAt.get(channel) ?? 0, this.clock.now() + ms));
  }

  private forgetPast(): void {
    const now = this.clock.now();
    for (const [channel, at] of this.freeAt) if (at <= now) this.freeAt.delete(channel);
  }
}

function pauseAfter(error: AppError, tries: number): number {
  return error.retryAfterMs ?? firstPauseMs * 2 ** (tries - 1);
}
