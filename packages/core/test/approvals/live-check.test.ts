import assert from 'node:assert/strict';
import { AppError } from '@dogwatch/core';
import { anna, contains, RunLab } from '../runs/run-lab.js';
import type { LabProcess } from '../runs/run-lab.js';

async function approve(lab: RunLab, process: LabProcess, approvalId: string): Promise<void> {
  await process.approvals.decide({ approvalId, decision: 'approve', actor: anna });
  await lab.settle();
}

describe('the live check right before acting', () => {
  it('takes the approval back when the touched fields changed, and asks anew with the new preview', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    lab.world.edit('web', 'somebody else was here');
    await approve(lab, process, approval.id);
    assert.deepEqual(lab.world.effects, []);
    const superseded = await lab.approval(approval.id);
    assert.equal(superseded.status, 'superseded');
    assert.deepEqual(superseded.decidedBy, anna);
    const asked = await lab.pending();
    assert.equal(asked.runId, run.id);
    contains(asked.preview.text, 'somebody else was here');
    await approve(lab, process, asked.id);
    assert.equal(lab.world.effects.length, 1);
    assert.equal((await lab.run(run.id)).status, 'succeeded');
  });

  it('takes the approval back when the target was deleted and created again', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    lab.world.add('web', 'old');
    await approve(lab, process, approval.id);
    assert.deepEqual(lab.world.effects, []);
    assert.equal((await lab.approval(approval.id)).status, 'superseded');
    assert.notEqual((await lab.pending()).target.uid, approval.target.uid);
    const settled = (await lab.events('approval-settled')).at(-1);
    contains(String(settled?.data['reason']), 'deleted and created again');
  });

  it('ends the run when the target is gone', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    lab.world.remove('web');
    await approve(lab, process, approval.id);
    assert.equal((await lab.approval(approval.id)).status, 'superseded');
    assert.equal((await lab.run(run.id)).status, 'failed');
    contains((await lab.run(run.id)).reason, 'does not exist');
  });

  it('lets the approval hold while only the status moves', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    for (let move = 0; move < 20; move++) lab.world.move('web');
    await approve(lab, process, approval.id);
    assert.equal(lab.world.effects.length, 1);
    assert.equal((await lab.run(run.id)).status, 'succeeded');
  });

  it('does not plan anew once the incident is resolved', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    let isFirst = true;
    lab.tool.beforeWrite = async () => {
      if (!isFirst) return;
      isFirst = false;
      lab.world.edit('web', 'healed by somebody');
      await lab.resolveIncident();
    };
    await approve(lab, process, approval.id);
    assert.deepEqual(lab.world.effects, []);
    assert.equal((await lab.approval(approval.id)).status, 'superseded');
    assert.equal((await lab.run(run.id)).status, 'cancelled');
    assert.equal((await lab.approvals()).length, 1);
  });

  it('gives up on a target that changes every time', async () => {
    const lab = new RunLab();
    const { process, run } = await lab.ask();
    for (let round = 0; round < 8; round++) {
      const asked = (await lab.approvals()).find((approval) => approval.status === 'pending');
      if (asked === undefined) break;
      lab.world.edit('web', `round ${round}`);
      await approve(lab, process, asked.id);
    }
    assert.equal((await lab.run(run.id)).status, 'failed');
    assert.equal((await lab.approvals()).length, 6);
    assert.deepEqual(lab.world.effects, []);
  });
});

describe('a write that the moving target refuses', () => {
  it('is compared and tried again, up to five times, under one intent', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    let moves = 5;
    lab.tool.beforeWrite = () => {
      if (moves-- > 0) lab.world.move('web');
    };
    await approve(lab, process, approval.id);
    assert.equal(lab.world.effects.length, 1);
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    assert.equal((await lab.events('step-intended')).length, 1);
  });

  it('fails the step when the target never stands still', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    let tries = 0;
    lab.tool.beforeWrite = () => {
      tries += 1;
      lab.world.move('web');
    };
    await approve(lab, process, approval.id);
    assert.equal(tries, 6);
    assert.deepEqual(lab.world.effects, []);
    assert.equal((await lab.run(run.id)).status, 'failed');
    contains((await lab.run(run.id)).reason, 'kept moving');
  });

  it('is superseded when what moved is what the call touches', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    let isFirst = true;
    lab.tool.beforeWrite = () => {
      if (isFirst) lab.world.edit('web', 'moved in between');
      isFirst = false;
    };
    await approve(lab, process, approval.id);
    assert.deepEqual(lab.world.effects, []);
    assert.equal((await lab.approval(approval.id)).status, 'superseded');
    contains((await lab.pending()).preview.text, 'moved in between');
  });

  it('is recognised as done when the refusal came for a write that had got through', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    const execute = lab.tool.execute.bind(lab.tool);
    lab.tool.execute = async (input, context) => {
      await execute(input, context);
      return { ok: false, reason: 'conflict', message: 'the client sent it twice' };
    };
    await approve(lab, process, approval.id);
    assert.equal(lab.world.effects.length, 1);
    assert.equal((await lab.approval(approval.id)).status, 'approved');
    assert.equal((await lab.run(run.id)).status, 'succeeded');
  });
});

describe('an effect whose outcome is unknown', () => {
  it('is tried again under the same approval when it did not happen, at most three times', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    lab.tool.beforeWrite = () => {
      throw new Error('connection refused');
    };
    await approve(lab, process, approval.id);
    await lab.clock.advance(60_000);
    const intents = await lab.events('step-intended');
    assert.deepEqual(
      intents.map((event) => event.data['attempt']),
      [1, 2, 3],
    );
    assert.equal((await lab.run(run.id)).status, 'failed');
    contains((await lab.run(run.id)).reason, '3 attempts');
    assert.deepEqual(lab.world.effects, []);
  });

  it('is done when the world shows it, and is not repeated', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    lab.tool.afterWrite = () => {
      throw new Error('socket hang up');
    };
    await approve(lab, process, approval.id);
    await lab.clock.advance(60_000);
    assert.equal(lab.world.effects.length, 1);
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    assert.deepEqual(
      (await lab.events('step-settled')).map((event) => event.data['outcome']),
      ['done'],
    );
  });

  it('ends the run unknown when nobody can tell, and is never repeated', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    lab.tool.settlement = 'unknown';
    lab.tool.beforeWrite = () => {
      throw new Error('connection refused');
    };
    await approve(lab, process, approval.id);
    await lab.clock.advance(600_000);
    const ended = await lab.run(run.id);
    assert.equal(ended.status, 'unknown');
    assert.equal(ended.steps[0]?.status, 'unknown');
    contains(ended.reason, 'look at the target yourself');
    assert.equal((await lab.events('step-intended')).length, 1);
    assert.equal(lab.metrics.value('dogwatch_runs_total', { status: 'unknown' }), 1);
  });

  it('waits for an API server that is away, and is settled when it is back', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    lab.tool.afterWrite = () => {
      lab.world.isAway = true;
      throw new Error('socket hang up');
    };
    await approve(lab, process, approval.id);
    await lab.clock.advance(120_000);
    assert.equal((await lab.run(run.id)).status, 'running');
    assert.equal((await lab.run(run.id)).steps[0]?.status, 'intended');
    lab.world.isAway = false;
    await lab.clock.advance(31_000);
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    assert.equal(lab.world.effects.length, 1);
  });

  it('is unknown when the tool says for good that it may not look', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    lab.tool.beforeWrite = () => {
      throw new Error('connection refused');
    };
    lab.tool.settle = async () => {
      throw new AppError('DW_TOOL_FAILED', 'forbidden: get deployments');
    };
    await approve(lab, process, approval.id);
    assert.equal((await lab.run(run.id)).status, 'unknown');
    contains((await lab.run(run.id)).reason, 'forbidden: get deployments');
  });
});
