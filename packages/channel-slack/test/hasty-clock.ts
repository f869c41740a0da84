import { ManualClock } from '@dogwatch/testkit';

/** A clock on which every sleep is over at once, and has taken its time. */
export class HastyClock extends ManualClock {
  override sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    return this.advance(delayMs);
  }
}
