import type { Clock, Timer } from '../ports/clock.js';

/**
 * Settles as `work` does, or rejects with what `late` makes once `deadlineMs` have passed since it began or since it last called
 * `renew`; work that is late goes on unheard.
 */
export async function withinDeadline(
  work: (renew: () => void) => Promise<void>,
  { clock, deadlineMs, late }: { readonly clock: Clock; readonly deadlineMs: number; readonly late: () => Error },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let isOver = false;
    const arm = (): Timer =>
      clock.setTimer(() => {
        isOver = true;
        reject(late());
      }, deadlineMs);
    let timer = arm();
    const renew = (): void => {
      if (isOver) return;
      timer.cancel();
      timer = arm();
    };
    work(renew)
      .then(resolve, reject)
      .finally(() => {
        isOver = true;
        timer.cancel();
      });
  });
}
