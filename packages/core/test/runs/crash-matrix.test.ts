import assert from 'node:assert/strict';
import { CrashPoints } from '@dogwatch/testkit';
import { anna, RunLab, setStep, started } from './run-lab.js';
import type { LabProcess } from './run-lab.js';

interface Scenario {
  readonly name: string;
  readonly highRisk?: boolean;
  prepare?(lab: RunLab): void;
  /** Happens right before the approval is given, in the process that may die and the one after it alike. */
  beforeApproval?(lab: RunLab): void;
  /** How many effects a run to the end has. */
  readonly effects: number;
  readonly ends: readonly string[];
}

const scenarios: readonly Scenario[] = [
  { name: 'one change, verified', effects: 1, ends: ['succeeded'] },
  {
    name: 'a read and two changes',
    prepare: (lab) => {
      lab.world.add('db', 'old');
      lab.steps = [
        { id: 'look', tool: 'fake_read', with: {} },
        { ...setStep, verify: { condition: 'fake_condition', timeoutMs: 60_000 } },
        { ...setStep, id: 'second', with: { name: 'db', template: 'newer' } },
      ];
    },
    effects: 2,
    ends: ['succeeded'],
  },
  {
    name: 'a connection that breaks after the write',
    prepare: (lab) => {
      lab.tool.afterWrite = () => {
        throw new Error('socket hang up');
      };
    },
    effects: 1,
    ends: ['succeeded'],
  },
  {
    name: 'a connection that breaks once before the write',
    prepare: (lab) => {
      let isBroken = true;
      lab.tool.beforeWrite = () => {
        if (!isBroken) return;
        isBroken = false;
        throw new Error('socket hang up');
      };
    },
    effects: 1,
    ends: ['succeeded'],
  },
  {
    name: 'an effect that cannot be settled',
    prepare: (lab) => {
      lab.tool.settlement = 'unknown';
    },
    effects: 1,
    ends: ['succeeded', 'unknown'],
  },
  {
    name: 'a target whose status moves between comparison and write',
    prepare: (lab) => {
      let moves = 3;
      lab.tool.beforeWrite = () => {
        if (moves-- > 0) lab.world.move('web');
      };
    },
    effects: 1,
    ends: ['succeeded'],
  },
];

function makeLab(scenario: Scenario): RunLab {
  const lab = new RunLab();
  lab.steps = [{ ...setStep, verify: { condition: 'fake_condition', timeoutMs: 60_000 } }];
  scenario.prepare?.(lab);
  return lab;
}

// What people and rules do to a process, as often as it takes; all of it may be done again after a crash.
async function drive(lab: RunLab, process: LabProcess): Promise<void> {
  await attempt(lab, process.runs.start(lab.request()));
  for (let round = 0; round < 5; round++) {
    const pending = (await lab.approvals()).find((approval) => approval.status === 'pending');
    if (pending !== undefined) {
      await attempt(lab, process.approvals.decide({ approvalId: pending.id, decision: 'approve', actor: anna }));
    }
    await lab.clock.advance(1_100);
    await lab.settle();
  }
}

// A call into a dead process never comes back.
async function attempt(lab: RunLab, call: Promise<unknown>): Promise<void> {
  await Promise.race([call, lab.settle()]);
}

async function live(lab: RunLab, at: number): Promise<CrashPoints> {
  const crash = new CrashPoints({ at });
  const process = await lab.boot(crash);
  await drive(lab, process);
  return crash;
}

async function checkEnd(lab: RunLab, scenario: Scenario, where: string): Promise<void> {
  const runs = await lab.allRuns();
  assert.equal(runs.length, 1, `${where}: ${runs.length} runs`);
  const [run] = runs;
  assert.ok(run !== undefined && scenario.ends.includes(run.status), `${where}: run is ${run?.status}, ${run?.reason}`);
  assert.ok(lab.world.effects.length <= scenario.effects, `${where}: ${lab.world.effects.length} effects`);
  if (run.status === 'succeeded') assert.equal(lab.world.effects.length, scenario.effects, `${where}: effects`);
  for (const approval of await lab.approvals()) {
    assert.equal(approval.status, 'approved', `${where}: approval ${approval.id} got lost, it is ${approval.status}`);
  }
}

async function countPoints(scenario: Scenario): Promise<number> {
  const lab = makeLab(scenario);
  await lab.openIncident();
  const crash = await live(lab, 0);
  await checkEnd(lab, scenario, 'without a crash');
  return crash.passed.length;
}

describe('killed before and after every durable write and every tool call', () => {
  for (const scenario of scenarios) {
    it(`loses nothing and does nothing twice: ${scenario.name}`, async () => {
      const points = await countPoints(scenario);
      assert.ok(points >= 16, `only ${points} crash points`);
      for (let at = 1; at <= points; at++) {
        const lab = makeLab(scenario);
        await lab.openIncident();
        const crash = await live(lab, at);
        assert.ok(crash.hasCrashed, `point ${at} was not reached`);
        await live(lab, 0);
        await checkEnd(lab, scenario, `killed ${crash.passed.at(-1)} (${at})`);
      }
    }).timeout(120_000);
  }

  it('survives a second kill while it recovers from the first', async () => {
    const [scenario] = scenarios;
    assert.ok(scenario !== undefined);
    const points = await countPoints(scenario);
    for (let at = Math.floor(points / 2); at <= points; at++) {
      for (let again = 1; again <= points - at + 2; again++) {
        const lab = makeLab(scenario);
        await lab.openIncident();
        const first = await live(lab, at);
        const second = await live(lab, again);
        await live(lab, 0);
        await checkEnd(lab, scenario, `killed ${first.passed.at(-1)}, then ${second.passed.at(-1)}`);
      }
    }
  }).timeout(120_000);

  it('keeps an approval that was asked for when the process dies, and the same id still works, once', async () => {
    const lab = new RunLab();
    const { approval } = await lab.ask();
    const second = await lab.boot();
    const results = await Promise.all(
      [1, 2, 3].map(() => second.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna })),
    );
    assert.deepEqual(results.map((result) => result.kind).sort(), ['already-settled', 'already-settled', 'recorded']);
    await lab.settle();
    assert.equal(lab.world.effects.length, 1);
  });

  it('answers the first run when the one who asked for it asks again after a crash', async () => {
    const lab = new RunLab();
    const { run } = await lab.ask();
    const second = await lab.boot();
    assert.equal(started(await second.runs.start(lab.request())).id, run.id);
    assert.equal((await lab.allRuns()).length, 1);
  });
});
