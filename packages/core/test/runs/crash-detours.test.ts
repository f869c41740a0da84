import assert from 'node:assert/strict';
import { CrashPoints } from '@dogwatch/testkit';
import { anna, RunLab, setStep } from './run-lab.js';
import type { LabProcess } from './run-lab.js';

interface Detour {
  readonly name: string;
  /** What people do to a process, as often as it takes; all of it may be done again after a crash. */
  act(lab: RunLab, process: LabProcess): Promise<void>;
  /** How it must end, wherever the first process died. */
  check(lab: RunLab): Promise<void>;
}

// A call into a dead process never comes back.
async function attempt(lab: RunLab, call: Promise<unknown>): Promise<void> {
  await Promise.race([call, lab.settle()]);
}

async function decideAll(lab: RunLab, process: LabProcess, decision: 'approve' | 'reject'): Promise<void> {
  for (const approval of await lab.approvals()) {
    if (approval.status !== 'pending') continue;
    await attempt(lab, process.approvals.decide({ approvalId: approval.id, decision, actor: anna }));
  }
  await lab.clock.advance(1_100);
}

async function statuses(lab: RunLab): Promise<readonly string[]> {
  return (await lab.allRuns()).map((run) => `${run.playbook} ${run.status}`).sort();
}

const detours: readonly Detour[] = [
  {
    name: 'an undo',
    act: async (lab, process) => {
      await attempt(lab, process.runs.start(lab.request()));
      for (let round = 0; round < 2; round++) await decideAll(lab, process, 'approve');
      const first = (await lab.allRuns()).find((run) => run.playbook === 'mend');
      if (first !== undefined) await attempt(lab, process.runs.undo(first.id, anna));
      for (let round = 0; round < 2; round++) await decideAll(lab, process, 'approve');
    },
    check: async (lab) => {
      assert.deepEqual(await statuses(lab), ['mend succeeded', 'undo succeeded']);
      assert.deepEqual(
        lab.world.effects.map((effect) => effect.template),
        ['new', 'old'],
      );
    },
  },
  {
    name: 'a target that somebody else changes while it is asked',
    act: async (lab, process) => {
      await attempt(lab, process.runs.start(lab.request()));
      if (lab.world.template('web') === 'old' && (await lab.approvals()).length > 0) lab.world.edit('web', 'by hand');
      for (let round = 0; round < 4; round++) await decideAll(lab, process, 'approve');
    },
    check: async (lab) => {
      assert.deepEqual(await statuses(lab), ['mend succeeded']);
      assert.equal(lab.world.effects.length, 1);
      const superseded = (await lab.approvals()).filter((approval) => approval.status === 'superseded');
      const [intent] = await lab.events('step-intended');
      assert.ok(superseded.every((approval) => approval.id !== intent?.data['approvalId']));
    },
  },
  {
    name: 'a rejection',
    act: async (lab, process) => {
      await attempt(lab, process.runs.start(lab.request()));
      for (let round = 0; round < 2; round++) await decideAll(lab, process, 'reject');
    },
    check: async (lab) => {
      assert.deepEqual(await statuses(lab), ['mend rejected']);
      assert.deepEqual(lab.world.effects, []);
    },
  },
  {
    name: 'an incident that is resolved while it is asked',
    act: async (lab, process) => {
      await attempt(lab, process.runs.start(lab.request()));
      if ((await lab.events('run-planned')).length > 0 && (await lab.events('resolved')).length === 0) {
        await lab.resolveIncident();
      }
      await lab.clock.advance(2_000);
      await decideAll(lab, process, 'approve');
    },
    check: async (lab) => {
      assert.deepEqual(await statuses(lab), ['mend cancelled']);
      assert.deepEqual(lab.world.effects, []);
      assert.ok((await lab.approvals()).every((approval) => approval.status === 'superseded'));
    },
  },
  {
    name: 'an approval that expires and is asked again',
    act: async (lab, process) => {
      await attempt(lab, process.runs.start(lab.request()));
      if ((await lab.allRuns()).length === 1) await lab.clock.advance(301_000);
      const expired = (await lab.approvals()).find((approval) => approval.status === 'expired');
      if (expired !== undefined) await attempt(lab, process.runs.askAgain(expired.id, anna));
      for (let round = 0; round < 2; round++) await decideAll(lab, process, 'approve');
    },
    check: async (lab) => {
      assert.deepEqual(await statuses(lab), ['mend rejected', 'mend succeeded']);
      assert.equal(lab.world.effects.length, 1);
    },
  },
  {
    name: 'writes that are paused when the decision falls',
    act: async (lab, process) => {
      await attempt(lab, process.runs.start(lab.request()));
      if ((await lab.events('step-intended')).length === 0) await attempt(lab, process.writes.pause(anna));
      await decideAll(lab, process, 'approve');
      await attempt(lab, process.writes.resume(anna));
      await decideAll(lab, process, 'approve');
    },
    check: async (lab) => {
      assert.deepEqual(await statuses(lab), ['mend succeeded']);
      assert.equal(lab.world.effects.length, 1);
    },
  },
];

async function live(lab: RunLab, { act }: Detour, at: number): Promise<CrashPoints> {
  const crash = new CrashPoints({ at });
  await act(lab, await lab.boot(crash));
  await lab.clock.advance(3_000);
  return crash;
}

async function openLab(): Promise<RunLab> {
  const lab = new RunLab();
  lab.steps = [setStep];
  await lab.openIncident();
  return lab;
}

describe('killed anywhere on the way through', () => {
  for (const detour of detours) {
    it(`${detour.name}, the run ends as it should`, async () => {
      const whole = await openLab();
      const points = (await live(whole, detour, 0)).passed.length;
      await detour.check(whole);
      assert.ok(points >= 8, `only ${points} crash points`);
      for (let at = 1; at <= points; at++) {
        const lab = await openLab();
        const crash = await live(lab, detour, at);
        assert.ok(crash.hasCrashed, `point ${at} was not reached`);
        await live(lab, detour, 0);
        await detour.check(lab).catch((error: unknown) => {
          throw new Error(`Killed ${crash.passed.at(-1)} (${at}).`, { cause: error });
        });
      }
    }).timeout(120_000);
  }
});
