import type { Clock, Timer } from '../ports/clock.js';

// What setTimeout can hold; a longer delay would fire at once.
const maxDelayMs = 2 ** 31 - 1;

/** The machine's clock. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const timeout = setTimeout(callback, Math.min(delayMs, maxDelayMs));
    timeout.unref();
    return { cancel: () => clearTimeout(timeout) };
  }

  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        clearTimeout(timeout);
        reject(signal?.reason as Error);
      };
      const timeout = setTimeout(
        () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
        Math.min(delayMs, maxDelayMs),
      );
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}
