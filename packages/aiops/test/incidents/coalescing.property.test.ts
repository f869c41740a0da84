import assert from 'node:assert/strict';
import { MemoryIncidentLog, isoTime } from '@dogwatch/core';
import type { AppendBatch, AppendResult, ClusterEvent } from '@dogwatch/core';
import fc from 'fast-check';
import { PipelineRig } from './pipeline-rig.js';

/** A log that stores nothing until it is let go. */
class HeldLog extends MemoryIncidentLog {
  private release = (): void => undefined;
  private readonly released = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  letGo(): void {
    this.release();
  }

  override async append(batch: AppendBatch): Promise<AppendResult> {
    await this.released;
    return super.append(batch);
  }
}

interface Step {
  readonly facet: 'crash_loop' | 'oom_killed';
  /** `null` clears; a number is an occurrence that happened so many steps ago. */
  readonly stepsAgo: number | null;
}

const steps = fc.array(
  fc.record({
    facet: fc.constantFrom('crash_loop' as const, 'oom_killed' as const),
    stepsAgo: fc.option(fc.integer({ min: 0, max: 4 })),
  }),
  { minLength: 1, maxLength: 25 },
);

/** Step n happens in second 2n; an occurrence may have happened before, and be told late or again. */
function eventsOf(rig: PipelineRig, plan: readonly Step[]): readonly ClusterEvent[] {
  const at = (second: number): string => isoTime(Date.UTC(2026, 0, 1) + second * 1_000);
  return plan.map(({ facet, stepsAgo }, index) => {
    if (stepsAgo === null) return rig.cleared({ facet, clearedAt: at(2 * index + 1) });
    const second = 2 * Math.max(0, index - stepsAgo);
    return rig.observed({ facet, occurrence: `${facet}/${second}`, occurredAt: at(second) });
  });
}

async function activity(rig: PipelineRig): Promise<unknown> {
  const incidents = await rig.incidents();
  const [incident] = incidents;
  assert.ok(incidents.length <= 1);
  return incident === undefined
    ? null
    : {
        status: incident.status,
        active: incident.problems
          .filter((one) => one.active)
          .map((one) => one.eventType)
          .sort(),
      };
}

async function leavesWhatOneByOneLeaves(plan: readonly Step[]): Promise<void> {
  const oneByOne = await new PipelineRig().start();
  for (const event of eventsOf(oneByOne, plan)) await oneByOne.book.emit(event);
  const log = new HeldLog();
  const atOnce = await new PipelineRig({ log }).start();
  const emits = eventsOf(atOnce, plan).map((event) => atOnce.book.emit(event));
  await atOnce.clock.flush();
  log.letGo();
  await Promise.all(emits);
  assert.deepEqual(await activity(atOnce), await activity(oneByOne));
}

function crashes(...stepsAgo: (number | null)[]): readonly Step[] {
  return stepsAgo.map((one) => ({ facet: 'crash_loop', stepsAgo: one }));
}

describe('coalescing', () => {
  it('keeps an end that only counts if late-told crashes before it count', async () => {
    await leavesWhatOneByOneLeaves(crashes(0, null, 1, null, 1, null, 1));
  });

  it('drops no episode whose crashes are older than a clearing that may not have counted', async () => {
    await leavesWhatOneByOneLeaves(crashes(0, null, 4, null, 2, null, 1));
  });

  it('leaves open what one-by-one work leaves open, whatever comes while the key is busy', async () => {
    await fc.assert(fc.asyncProperty(steps, leavesWhatOneByOneLeaves), { numRuns: 300 });
  }).timeout(60_000);
});
