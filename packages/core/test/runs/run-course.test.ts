import assert from 'node:assert/strict';
import { anna, ben, contains, RunLab, setStep } from './run-lab.js';
import type { LabProcess } from './run-lab.js';

const verify = { condition: 'fake_condition', timeoutMs: 60_000 };

async function approve(lab: RunLab, process: LabProcess, approvalId: string): Promise<void> {
  await process.approvals.decide({ approvalId, decision: 'approve', actor: anna });
  await lab.settle();
}

describe('the verification of a step', () => {
  it('holds up the run until the condition has held without a break', async () => {
    const lab = new RunLab(20_000);
    lab.steps = [{ ...setStep, verify }];
    const { process, run, approval } = await lab.ask();
    await approve(lab, process, approval.id);
    await lab.clock.advance(15_000);
    lab.condition.isMet = false;
    await lab.clock.advance(1_000);
    lab.condition.isMet = true;
    await lab.clock.advance(19_000);
    assert.equal((await lab.run(run.id)).status, 'running');
    await lab.clock.advance(2_000);
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    assert.equal(lab.condition.subject?.incidentId, lab.incidentId);
    assert.equal(lab.condition.subject?.target.uid, 'uid-1');
  });

  it('fails step and run when it does not hold in time', async () => {
    const lab = new RunLab();
    lab.steps = [
      { ...setStep, verify },
      { ...setStep, id: 'second' },
    ];
    lab.condition.isMet = false;
    const { process, run, approval } = await lab.ask();
    await approve(lab, process, approval.id);
    await lab.clock.advance(59_000);
    assert.equal((await lab.run(run.id)).status, 'running');
    await lab.clock.advance(2_000);
    const ended = await lab.run(run.id);
    assert.equal(ended.status, 'failed');
    contains(ended.reason, 'not yet well');
    assert.deepEqual(
      ended.steps.map((step) => step.status),
      ['failed', 'skipped'],
    );
  });

  it('keeps its deadline across a restart', async () => {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, verify }];
    lab.condition.isMet = false;
    const { process, run, approval } = await lab.ask();
    await approve(lab, process, approval.id);
    await lab.clock.advance(30_000);
    await process.app.stop();
    await lab.clock.advance(15_000);
    await lab.boot();
    await lab.clock.advance(14_000);
    assert.equal((await lab.run(run.id)).status, 'running');
    await lab.clock.advance(2_000);
    assert.equal((await lab.run(run.id)).status, 'failed');
  });

  it('looks at once when the condition says that something changed', async () => {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, verify }];
    lab.condition.isMet = false;
    const { process, run, approval } = await lab.ask();
    await approve(lab, process, approval.id);
    lab.condition.isMet = true;
    lab.condition.change();
    await lab.settle();
    assert.equal((await lab.run(run.id)).status, 'succeeded');
  });

  it('fails plainly when the condition is not installed', async () => {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, verify: { ...verify, condition: 'all_is_well' } }];
    const { process, run, approval } = await lab.ask();
    await approve(lab, process, approval.id);
    assert.equal((await lab.run(run.id)).status, 'failed');
    contains((await lab.run(run.id)).reason, "'all_is_well'");
  });
});

describe('an incident that is resolved', () => {
  it('takes the pending approval back and cancels the run', async () => {
    const lab = new RunLab();
    const { run, approval } = await lab.ask();
    await lab.resolveIncident();
    await lab.settle();
    assert.equal((await lab.approval(approval.id)).status, 'superseded');
    assert.equal((await lab.run(run.id)).status, 'cancelled');
  });

  it('does so at boot when it was resolved while nothing ran', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    await process.app.stop();
    await lab.resolveIncident();
    await lab.boot();
    await lab.settle();
    assert.equal((await lab.approval(approval.id)).status, 'superseded');
    assert.equal((await lab.run(run.id)).status, 'cancelled');
  });

  it('lets a step that was begun come to its end, and skips the rest', async () => {
    const lab = new RunLab();
    lab.steps = [
      { ...setStep, verify },
      { ...setStep, id: 'second' },
    ];
    lab.condition.isMet = false;
    const { process, run, approval } = await lab.ask();
    await approve(lab, process, approval.id);
    await lab.resolveIncident();
    await lab.settle();
    assert.equal((await lab.run(run.id)).status, 'running');
    lab.condition.isMet = true;
    await lab.clock.advance(1_000);
    const ended = await lab.run(run.id);
    assert.equal(ended.status, 'cancelled');
    assert.deepEqual(
      ended.steps.map((step) => step.status),
      ['done', 'skipped'],
    );
    assert.equal(lab.world.effects.length, 1);
  });

  it('does not cancel a run whose every step is done', async () => {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, verify }];
    lab.condition.isMet = false;
    const { process, run, approval } = await lab.ask();
    await approve(lab, process, approval.id);
    await lab.resolveIncident();
    lab.condition.isMet = true;
    await lab.clock.advance(1_000);
    assert.equal((await lab.run(run.id)).status, 'succeeded');
  });
});

describe('the write switch', () => {
  it('lets decisions be taken, holds their runs, and lets them go on after a fresh look', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    await process.writes.pause(ben);
    await approve(lab, process, approval.id);
    await lab.clock.advance(60_000);
    assert.deepEqual(lab.world.effects, []);
    assert.equal((await lab.approval(approval.id)).status, 'approved');
    const held = await lab.run(run.id);
    assert.equal(held.status, 'waiting');
    contains(held.reason, 'paused by slack:ben');
    assert.equal((await lab.events('comment')).length, 1);
    lab.world.move('web');
    await process.writes.resume(anna);
    await lab.settle();
    assert.equal(lab.world.effects.length, 1);
    assert.equal((await lab.run(run.id)).status, 'succeeded');
  });

  it('asks anew after it was turned on again when the target changed meanwhile', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await process.writes.pause(ben);
    await approve(lab, process, approval.id);
    lab.world.edit('web', 'changed while paused');
    await process.writes.resume(ben);
    await lab.settle();
    assert.deepEqual(lab.world.effects, []);
    assert.equal((await lab.approval(approval.id)).status, 'superseded');
    contains((await lab.pending()).preview.text, 'changed while paused');
  });

  it('holds across a restart and says so in the health', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await process.writes.pause(ben);
    await process.app.stop();
    const second = await lab.boot();
    await approve(lab, second, approval.id);
    assert.deepEqual(lab.world.effects, []);
    const check = second.parts.health.find((one) => one.name === 'writes');
    const report = await check?.check();
    assert.equal(report?.status, 'degraded');
    contains(report?.message, 'slack:ben');
    await second.writes.resume(anna);
    assert.equal((await check?.check())?.status, 'ok');
  });

  it('lets no effect begin once the pause has been answered', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    const intended: string[] = [];
    const approving = process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await process.writes.pause(ben);
    intended.push(...(await lab.types()).filter((type) => type === 'step-intended'));
    await approving;
    await lab.settle();
    assert.equal((await lab.events('step-intended')).length, intended.length);
  });
});
