import assert from 'node:assert/strict';
import { anna, ben, contains, RunLab, setStep, started } from './run-lab.js';

describe('a run', () => {
  it('asks before it changes anything, with all that is asked in the log', async () => {
    const lab = new RunLab();
    const { run, approval } = await lab.ask();
    assert.equal(run.status, 'waiting');
    assert.equal(run.steps.length, 1);
    const { id: _id, requestedAt: _asked, expiresAt: _until, ...asked } = approval;
    assert.deepEqual(asked, {
      incidentId: lab.incidentId,
      runId: run.id,
      tool: 'fake_set_template',
      arguments: { name: 'web', template: 'new' },
      target: { cluster: 'fake', namespace: 'shop', kind: 'Deployment', name: 'web', uid: 'uid-1' },
      risk: 'medium',
      requiresConfirm: false,
      preview: { kind: 'diff', text: '- template: "old"\n+ template: "new"' },
      reason: 'rule bad-rollout: it crashes',
      status: 'pending',
      decidedBy: null,
      decidedAt: null,
      votesNeeded: 1,
      votes: [],
    });
    assert.equal(Date.parse(approval.expiresAt) - Date.parse(approval.requestedAt), 300_000);
    const [event] = await lab.events('approval-requested');
    assert.match(String(event?.data['digest']), /^[0-9a-f]{64}$/);
    assert.deepEqual(lab.world.effects, []);
  });

  it('acts once after a yes, intent before effect, and ends', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    const outcome = await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    assert.equal(outcome.kind, 'recorded');
    await lab.settle();
    assert.deepEqual(lab.world.effects, [{ object: 'web', runId: run.id, template: 'new' }]);
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    assert.deepEqual(await lab.types(), [
      'opened',
      'run-planned',
      'approval-requested',
      'approval-vote',
      'approval-settled',
      'step-intended',
      'step-finished',
      'run-ended',
    ]);
    const [settled] = await lab.events('approval-settled');
    assert.deepEqual(settled?.actor, anna);
    assert.equal(lab.metrics.value('dogwatch_approvals_total', { status: 'approved' }), 1);
    assert.equal(lab.metrics.value('dogwatch_runs_total', { status: 'succeeded' }), 1);
  });

  it('ends rejected after a no, with nothing written', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    await process.approvals.decide({ approvalId: approval.id, decision: 'reject', actor: ben, reason: 'not now' });
    await lab.settle();
    const ended = await lab.run(run.id);
    assert.equal(ended.status, 'rejected');
    contains(ended.reason, 'not now');
    assert.equal(ended.steps[0]?.status, 'skipped');
    assert.deepEqual(lab.world.effects, []);
  });

  it('reads while it plans and uses what it read', async () => {
    const lab = new RunLab();
    lab.steps = [
      { id: 'look', tool: 'fake_read', with: {} },
      { ...setStep, with: { ...setStep.with, template: '{{ steps.look.output.previous }}' } },
    ];
    const { approval } = await lab.ask();
    assert.deepEqual(approval.arguments, { name: 'web', template: 'old' });
    assert.equal(lab.read.calls, 1);
  });

  it('ends with the reason when a look-up is null', async () => {
    const lab = new RunLab();
    lab.steps = [
      { id: 'look', tool: 'fake_read', with: {} },
      { ...setStep, with: { ...setStep.with, template: '{{ steps.look.output.nothing }}' } },
    ];
    await lab.openIncident();
    const process = await lab.boot();
    const run = started(await process.runs.start(lab.request()));
    assert.equal(run.status, 'failed');
    contains(run.reason, "'steps.look.output.nothing' is null");
    assert.deepEqual(await lab.approvals(), []);
  });

  it('ends when a step names a tool that is not installed, and says which are', async () => {
    const lab = new RunLab();
    lab.steps = [{ id: 'set', tool: 'k8s_nothing', with: {} }];
    await lab.openIncident();
    const run = started(await (await lab.boot()).runs.start(lab.request()));
    assert.equal(run.status, 'failed');
    contains(run.reason, "'k8s_nothing'");
    contains(run.reason, 'fake_read, fake_set_template');
  });

  it('ends when arguments do not fit the schema of the tool', async () => {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, with: { ...setStep.with, colour: 'red' } }];
    await lab.openIncident();
    const run = started(await (await lab.boot()).runs.start(lab.request()));
    assert.equal(run.status, 'failed');
    contains(run.reason, "'colour'");
  });

  it('ends when the target does not exist', async () => {
    const lab = new RunLab();
    lab.world.remove('web');
    await lab.openIncident();
    const run = started(await (await lab.boot()).runs.start(lab.request()));
    assert.equal(run.status, 'failed');
    contains(run.reason, 'does not exist');
  });

  it('goes on with its other steps after the first approval, each change with an approval of its own', async () => {
    const lab = new RunLab();
    lab.world.add('db', 'old');
    lab.steps = [
      setStep,
      { ...setStep, id: 'second', with: { name: 'db', template: '{{ steps.set.output.resourceVersion }}' } },
    ];
    const { process, run, approval } = await lab.ask();
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await lab.settle();
    const second = await lab.pending();
    assert.equal(second.target.name, 'db');
    assert.equal((await lab.run(run.id)).status, 'waiting');
    await process.approvals.decide({ approvalId: second.id, decision: 'approve', actor: anna });
    await lab.settle();
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    assert.deepEqual(
      lab.world.effects.map((effect) => effect.object),
      ['web', 'db'],
    );
  });

  it('fails plainly when the API server refuses the change for good', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    lab.tool.execute = async () => ({ ok: false, reason: 'refused', message: 'forbidden: deployments.apps' });
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await lab.settle();
    const ended = await lab.run(run.id);
    assert.equal(ended.status, 'failed');
    contains(ended.reason, 'forbidden: deployments.apps');
    assert.equal(ended.steps[0]?.status, 'failed');
  });

  it('keeps trying to plan while the API server is away, then says that it gave up', async () => {
    const lab = new RunLab();
    lab.world.isAway = true;
    await lab.openIncident();
    const process = await lab.boot();
    const first = started(await process.runs.start(lab.request()));
    assert.equal(first.status, 'planned');
    await lab.clock.advance(10_000);
    lab.world.isAway = false;
    await lab.clock.advance(30_000);
    assert.equal((await lab.run(first.id)).status, 'waiting');

    const other = new RunLab();
    other.world.isAway = true;
    await other.openIncident();
    const given = started(await (await other.boot()).runs.start(other.request()));
    await other.clock.advance(600_000);
    assert.equal((await other.run(given.id)).status, 'failed');
    contains((await other.run(given.id)).reason, 'The fake world is away');
  });
});
