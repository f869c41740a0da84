import { setTimeout as pause } from 'node:timers/promises';

const patienceMs = 10_000;

/** Waits until a check passes; throws its last failure when it has not passed for too long. */
export async function awaitThat(check: () => void): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    try {
      check();
      return;
    } catch (error) {
      if (performance.now() - startedAt > patienceMs) throw error;
      await pause(2);
    }
  }
}
