import assert from 'node:assert/strict';
import type { ManualClock } from '@dogwatch/testkit';

/** Waits until something holds that happens by itself, over real sockets; manual time moves only with `clock`, slowly. */
export async function until(holds: () => boolean, clock?: ManualClock, what = 'it never came true'): Promise<void> {
  for (let turn = 0; turn < 1500; turn++) {
    for (let poll = 0; poll < 5; poll++) {
      if (holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    if (clock) await clock.advance(100);
  }
  assert.ok(holds(), what);
}
