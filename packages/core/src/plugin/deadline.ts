import type { Clock } from '../ports/clock.js';

/** Settles as `work` does, or rejects with what `late` makes once `deadlineMs` have passed; work that is late goes on unheard. */
export async function withinDeadline(
  work: () => Promise<void>,
  { clock, deadlineMs, late }: { readonly clock: Clock; readonly deadlineMs: number; readonly late: () => Error },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = clock.setTimer(() => reject(late()), deadlineMs);
    work()
      .then(resolve, reject)
      .finally(() => timer.cancel());
  });
}
