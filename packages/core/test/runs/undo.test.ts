import assert from 'node:assert/strict';
import { FakeWriteTool } from '@dogwatch/testkit';
import { anna, ben, contains, RunLab, rule, setStep, started } from './run-lab.js';
import type { LabProcess } from './run-lab.js';

async function approveAll(lab: RunLab, process: LabProcess): Promise<void> {
  for (let round = 0; round < 5; round++) {
    const pending = (await lab.approvals()).find((approval) => approval.status === 'pending');
    if (pending === undefined) return;
    await process.approvals.decide({ approvalId: pending.id, decision: 'approve', actor: anna });
    await lab.settle();
  }
}

describe('undo', () => {
  it('plays the recorded inverses in the opposite order, each through its own approval', async () => {
    const lab = new RunLab();
    lab.world.add('db', 'old db');
    lab.steps = [setStep, { ...setStep, id: 'second', with: { name: 'db', template: 'new' } }];
    const { process, run } = await lab.ask();
    await approveAll(lab, process);
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    const undo = started(await process.runs.undo(run.id, ben));
    assert.equal(undo.status, 'waiting');
    assert.equal(undo.playbook, 'undo');
    assert.equal(undo.undoOf, run.id);
    assert.equal((await lab.pending()).target.name, 'db');
    assert.equal(lab.world.effects.length, 2);
    await approveAll(lab, process);
    assert.equal((await lab.run(undo.id)).status, 'succeeded');
    assert.equal(lab.world.template('web'), 'old');
    assert.equal(lab.world.template('db'), 'old db');
    assert.deepEqual(
      lab.world.effects.map((effect) => effect.object),
      ['web', 'db', 'db', 'web'],
    );
    const [requested] = await lab.events('undo-requested');
    assert.deepEqual(requested?.actor, ben);
  });

  it('works for a run that was archived, and has it back in the lists', async () => {
    const lab = new RunLab();
    const { process, run } = await lab.ask();
    await approveAll(lab, process);
    await lab.closeIncident();
    const before = '2030-01-01T00:00:00.000Z';
    assert.equal((await lab.log.archiveStreams({ before, limit: 10 })).length, 1);
    assert.deepEqual(await lab.allRuns(), []);
    const undo = started(await process.runs.undo(run.id, ben));
    await approveAll(lab, process);
    assert.equal((await lab.run(undo.id)).status, 'succeeded');
    assert.equal(lab.world.template('web'), 'old');
    assert.equal((await lab.allRuns()).length, 2);
  });

  it('never reads the recorded state as a template', async () => {
    const lab = new RunLab();
    lab.world.edit('web', '{{ incident.id }} {{ nothing }}');
    const { process, run } = await lab.ask();
    await approveAll(lab, process);
    const undo = started(await process.runs.undo(run.id, anna));
    assert.equal(undo.status, 'waiting');
    await approveAll(lab, process);
    assert.equal(lab.world.template('web'), '{{ incident.id }} {{ nothing }}');
  });

  it('works after the incident was resolved, and is not cancelled by it', async () => {
    const lab = new RunLab();
    const { process, run } = await lab.ask();
    await approveAll(lab, process);
    await lab.resolveIncident();
    const undo = started(await process.runs.undo(run.id, anna));
    await lab.settle();
    assert.equal((await lab.run(undo.id)).status, 'waiting');
    await approveAll(lab, process);
    assert.equal(lab.world.template('web'), 'old');
  });

  it('says plainly that a step without an inverse cannot be undone', async () => {
    const lab = new RunLab();
    lab.tools = [new FakeWriteTool(lab.world, { hasInverse: false })];
    const { process, run } = await lab.ask();
    await approveAll(lab, process);
    const undo = await process.runs.undo(run.id, anna);
    assert.ok(!undo.ok);
    contains(undo.reason, "Step 'set' (fake_set_template) cannot be undone");
  });

  it('undoes what it can and says what it leaves', async () => {
    const lab = new RunLab();
    lab.world.add('db', 'old');
    const forGood = new FakeWriteTool(lab.world, { name: 'for_good', hasInverse: false });
    lab.tools = [lab.tool, forGood];
    lab.steps = [setStep, { id: 'second', tool: 'for_good', with: { name: 'db', template: 'new' } }];
    const { process, run } = await lab.ask();
    await approveAll(lab, process);
    const undo = started(await process.runs.undo(run.id, anna));
    assert.equal(undo.steps.length, 1);
    contains((await lab.pending()).reason, "Step 'second' (for_good) cannot be undone");
  });

  it('answers the open undo when asked twice, and refuses once it is done', async () => {
    const lab = new RunLab();
    const { process, run } = await lab.ask();
    await approveAll(lab, process);
    const [first, second] = await Promise.all([process.runs.undo(run.id, anna), process.runs.undo(run.id, ben)]);
    assert.equal(started(first).id, started(second).id);
    await approveAll(lab, process);
    const third = await process.runs.undo(run.id, anna);
    assert.ok(!third.ok);
    contains(third.reason, 'already');
  });

  it('can be asked for again when its approval expired', async () => {
    const lab = new RunLab();
    const { process, run } = await lab.ask();
    await approveAll(lab, process);
    const first = started(await process.runs.undo(run.id, anna));
    await lab.clock.advance(301_000);
    assert.equal((await lab.run(first.id)).status, 'rejected');
    const second = started(await process.runs.undo(run.id, anna));
    assert.notEqual(second.id, first.id);
    await approveAll(lab, process);
    assert.equal(lab.world.template('web'), 'old');
  });

  it('refuses a run that is open, unknown, or changed nothing', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    const open = await process.runs.undo(run.id, anna);
    assert.ok(!open.ok);
    contains(open.reason, 'waiting');
    await process.approvals.decide({ approvalId: approval.id, decision: 'reject', actor: anna });
    const rejected = await process.runs.undo(run.id, anna);
    assert.ok(!rejected.ok);
    contains(rejected.reason, 'changed nothing');
    assert.ok(!(await process.runs.undo('yyyyyy', anna)).ok);
  });

  it('is not set aside by a rule', async () => {
    const lab = new RunLab();
    const { process, run } = await lab.ask();
    await approveAll(lab, process);
    const undo = started(await process.runs.undo(run.id, anna));
    const start = await process.runs.start(lab.request({ playbook: 'other', cause: 'another', requestedBy: rule }));
    assert.ok(!start.ok);
    assert.equal((await lab.run(undo.id)).status, 'waiting');
  });
});
