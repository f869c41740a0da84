import assert from 'node:assert/strict';
import { CaseLog, ToolCatalog, WriteGate } from '@dogwatch/core';
import type { GateOutcome } from '@dogwatch/core';
import { anna, ben, contains, RunLab, setStep } from '../runs/run-lab.js';
import type { LabProcess } from '../runs/run-lab.js';

interface GateLab {
  readonly lab: RunLab;
  readonly process: LabProcess;
  readonly approvalId: string;
  enter(): Promise<GateOutcome>;
}

// A gate with nothing around it: the process that asked is stopped, so nobody else acts.
async function gateLab(prepare: (lab: RunLab) => void = () => undefined): Promise<GateLab> {
  const lab = new RunLab();
  prepare(lab);
  const { process, approval } = await lab.ask();
  await process.app.stop();
  const gate = new WriteGate({
    cases: new CaseLog(lab.log, lab.metrics),
    tools: new ToolCatalog(lab.tools),
    writes: process.writes,
    clock: lab.clock,
    logger: lab.logger,
  });
  const { signal } = new AbortController();
  return {
    lab,
    process,
    approvalId: approval.id,
    enter: () => gate.run(approval.id, { read: signal, effect: signal }),
  };
}

async function approve({ process, approvalId }: GateLab): Promise<void> {
  const outcome = await process.approvals.decide({ approvalId, decision: 'approve', actor: anna });
  assert.equal(outcome.kind, 'recorded');
}

async function expectRefused(gate: GateLab, reason: string): Promise<void> {
  const effects = gate.lab.world.effects.length;
  const intents = (await gate.lab.events('step-intended')).length;
  const outcome = await gate.enter();
  assert.ok(outcome.kind === 'refused', `the gate let it through: ${outcome.kind}`);
  contains(outcome.reason, reason);
  assert.equal(gate.lab.world.effects.length, effects);
  assert.equal((await gate.lab.events('step-intended')).length, intents);
}

describe('the gate before every change', () => {
  it('refuses an approval that nobody has given', async () => {
    await expectRefused(await gateLab(), 'is pending, not approved');
  });

  it('refuses an approval that was rejected', async () => {
    const gate = await gateLab();
    await gate.process.approvals.decide({ approvalId: gate.approvalId, decision: 'reject', actor: ben });
    await expectRefused(gate, 'is rejected, not approved');
  });

  it('lets an approval through once, however often and however fast it is shown', async () => {
    const gate = await gateLab();
    await approve(gate);
    await Promise.all(Array.from({ length: 20 }, () => gate.enter()));
    assert.equal(gate.lab.world.effects.length, 1);
    assert.equal((await gate.lab.events('step-intended')).length, 1);
    await expectRefused(gate, 'is used up');
  });

  it('tells the log of the process what was changed, by which tool and under which approval', async () => {
    const gate = await gateLab();
    await approve(gate);
    await gate.enter();
    const [line, ...others] = gate.lab.logger.linesOf('write_done');
    assert.deepEqual(others, []);
    assert.equal(line?.fields['approval_id'], gate.approvalId);
    assert.equal(line?.fields['tool_name'], gate.lab.tool.name);
    assert.ok(line?.fields['run_id']);
    assert.ok(line?.fields['name']);
  });

  it('refuses while an effect of the same approval may be under way', async () => {
    const gate = await gateLab();
    await approve(gate);
    let second: GateOutcome | null = null;
    gate.lab.tool.beforeWrite = async () => {
      second = await gate.enter();
    };
    await gate.enter();
    assert.deepEqual(second, {
      kind: 'refused',
      reason: `Approval '${gate.approvalId}' is used up: its step was begun already.`,
    });
    assert.equal(gate.lab.world.effects.length, 1);
  });

  it('refuses once the incident is resolved', async () => {
    const gate = await gateLab();
    await approve(gate);
    await gate.lab.resolveIncident();
    await expectRefused(gate, 'is resolved');
  });

  it('refuses when the incident is resolved between the comparison and the intent', async () => {
    const gate = await gateLab();
    await approve(gate);
    const read = gate.lab.tool.readTarget.bind(gate.lab.tool);
    gate.lab.tool.readTarget = async (...call) => {
      await gate.lab.resolveIncident();
      return read(...call);
    };
    await expectRefused(gate, 'is resolved');
  });

  it('stays shut while writes are paused', async () => {
    const gate = await gateLab();
    await approve(gate);
    await gate.process.writes.pause(ben);
    assert.deepEqual(await gate.enter(), { kind: 'paused' });
    assert.deepEqual(await gate.lab.events('step-intended'), []);
    assert.deepEqual(gate.lab.world.effects, []);
  });

  it('makes a pause wait for the intents that had read the switch before', async () => {
    const gate = await gateLab();
    const order: string[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const intending = gate.process.writes.whileAllowed(async () => {
      await held;
      order.push('intended');
    });
    await gate.lab.settle();
    const pausing = gate.process.writes.pause(ben).then(() => order.push('paused'));
    await gate.lab.settle();
    release();
    await Promise.all([intending, pausing]);
    assert.deepEqual(order, ['intended', 'paused']);
    assert.equal(await gate.process.writes.whileAllowed(async () => 'in'), null);
  });

  it('knows an approval by its id alone, and acts with the arguments of the log', async () => {
    const gate = await gateLab((lab) => {
      lab.steps = [{ ...setStep, with: { ...setStep.with, template: { exactly: ['this', 1] } } }];
    });
    await approve(gate);
    await gate.enter();
    assert.deepEqual(gate.lab.world.effects[0]?.template, { exactly: ['this', 1] });
  });

  it('has the compared state and the inverse in the log before the effect', async () => {
    const gate = await gateLab();
    await approve(gate);
    let intents = -1;
    gate.lab.tool.beforeWrite = async () => {
      intents = (await gate.lab.events('step-intended')).length;
    };
    await gate.enter();
    assert.equal(intents, 1);
    const [intent] = await gate.lab.events('step-intended');
    assert.deepEqual(intent?.data['inverse'], {
      tool: 'fake_set_template',
      arguments: { name: 'web', template: 'old' },
    });
    assert.equal((intent?.data['before'] as { uid: string }).uid, 'uid-1');
  });

  it('records an outcome that it knows, also when the store is away for a moment', async () => {
    const gate = await gateLab();
    await approve(gate);
    const append = gate.lab.log.append.bind(gate.lab.log);
    let failures = 3;
    gate.lab.tool.afterWrite = () => {
      gate.lab.log.append = async (batch) => {
        if (failures-- > 0) throw gate.lab.storeAway();
        return append(batch);
      };
    };
    const entering = gate.enter();
    await gate.lab.clock.advance(10_000);
    assert.deepEqual(await entering, { kind: 'recorded' });
    assert.deepEqual(await gate.lab.events('step-settled'), []);
    assert.equal((await gate.lab.events('step-finished')).length, 1);
  });

  it('fails the step when the tool is no longer installed', async () => {
    const gate = await gateLab();
    await approve(gate);
    gate.lab.tools = [];
    const second = await gate.lab.boot();
    await gate.lab.settle();
    const [run] = await gate.lab.allRuns();
    assert.equal(run?.status, 'failed');
    contains(run?.reason, 'no longer installed');
    await second.app.stop();
  });
});
