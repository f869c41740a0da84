import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, Timer } from '@dogwatch/core';
import { ManualClock } from '@dogwatch/testkit';

const tickMs = 500;

/** A clock that runs by itself, far faster than the machine's: whoever sleeps wakes soon, and in the right order. */
export class TickingClock implements Clock {
  private readonly clock = new ManualClock();
  private readonly stopping = new AbortController();
  private readonly running = this.run();

  now(): number {
    return this.clock.now();
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    return this.clock.setTimer(callback, delayMs);
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return this.clock.sleep(delayMs, signal);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await pause(2);
      await this.clock.advance(tickMs);
    }
  }
}
