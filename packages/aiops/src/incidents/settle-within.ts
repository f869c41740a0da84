import type { Clock } from '@dogwatch/core';

/** Resolves when all work that is or comes into the set is done, or after `limitMs`. */
export async function settleWithin(clock: Clock, work: ReadonlySet<Promise<void>>, limitMs: number): Promise<void> {
  const limit = new AbortController();
  const tooLong = clock.sleep(limitMs, limit.signal).then(
    () => true,
    () => true,
  );
  try {
    while (work.size > 0) {
      const isOver = await Promise.race([Promise.all(work).then(() => false), tooLong]);
      if (isOver) return;
    }
  } finally {
    limit.abort();
  }
}
