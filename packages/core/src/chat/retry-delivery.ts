import { isAppError } from '../errors/app-error.js';
import type { Clock } from '../ports/clock.js';

// After the last try the failure stands; whoever asked decides what to make of it.
const retryDelaysMs = [1_000, 5_000, 15_000];

/** Delivers to a channel, again after a pause while it says that trying again may help; rejects with the last failure. */
export async function retryDelivery<T>(clock: Clock, deliver: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await deliver();
    } catch (error) {
      const delayMs = retryDelaysMs[tries];
      if (delayMs === undefined || !isAppError(error) || !error.isRetryable) throw error;
      await clock.sleep(Math.max(delayMs, error.retryAfterMs ?? 0), signal);
    }
  }
}
