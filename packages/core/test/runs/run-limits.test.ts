import assert from 'node:assert/strict';
import { isAppError } from '@dogwatch/core';
import { anna, contains, rule, RunLab, setStep, started } from './run-lab.js';

describe('one open run per incident', () => {
  it('refuses the same playbook while its run is open', async () => {
    const lab = new RunLab();
    const { process, run } = await lab.ask();
    const start = await process.runs.start(lab.request({ cause: 'another' }));
    assert.ok(!start.ok);
    contains(start.reason, run.id);
    assert.equal((await lab.allRuns()).length, 1);
  });

  it('holds when many ask at once, from two replicas', async () => {
    const lab = new RunLab();
    await lab.openIncident();
    const [first, second] = [await lab.boot(), await lab.boot()];
    const starts = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? first : second).runs.start(lab.request({ cause: `cause-${index}` })),
      ),
    );
    assert.equal(starts.filter((start) => start.ok).length, 1);
    assert.equal((await lab.approvals()).length, 1);
  });

  it('sets a waiting run aside for another playbook, and takes its approval back', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    const other = started(await process.runs.start(lab.request({ playbook: 'other', cause: 'another' })));
    assert.equal((await lab.run(run.id)).status, 'cancelled');
    assert.equal((await lab.approval(approval.id)).status, 'superseded');
    assert.equal((await lab.pending()).runId, other.id);
    const late = await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    assert.equal(late.kind, 'superseded');
  });

  it('only notes another playbook while a run is running', async () => {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, verify: { condition: 'fake_condition', timeoutMs: 60_000 } }];
    lab.condition.isMet = false;
    const { process, run, approval } = await lab.ask();
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await lab.settle();
    assert.equal((await lab.run(run.id)).status, 'running');
    const start = await process.runs.start(lab.request({ playbook: 'other', cause: 'another' }));
    assert.ok(!start.ok);
    contains(start.reason, 'is running');
    const [comment] = await lab.events('comment');
    contains(String(comment?.data['text']), "'other' was not started");
    assert.equal((await lab.allRuns()).length, 1);
  });

  it('starts nothing for a resolved or unknown incident', async () => {
    const lab = new RunLab();
    await lab.openIncident();
    await lab.resolveIncident();
    const process = await lab.boot();
    const resolved = await process.runs.start(lab.request());
    assert.ok(!resolved.ok);
    contains(resolved.reason, 'resolved');
    const unknown = await process.runs.start(lab.request({ incidentId: 'yyyyyy' }));
    assert.ok(!unknown.ok);
    contains(unknown.reason, "'yyyyyy'");
  });

  it('throws for an unknown playbook, naming the known ones, and refuses one for other kinds', async () => {
    const lab = new RunLab();
    await lab.openIncident();
    const process = await lab.boot();
    await assert.rejects(process.runs.start(lab.request({ playbook: 'mendd' })), (error) => {
      assert.ok(isAppError(error) && error.code === 'DW_PLAYBOOK_UNKNOWN');
      contains(error.message, 'mend, nodes, other');
      return true;
    });
    const nodes = await process.runs.start(lab.request({ playbook: 'nodes' }));
    assert.ok(!nodes.ok);
    contains(nodes.reason, 'Node');
  });
});

async function failOnce(lab: RunLab, index: number): Promise<void> {
  const id = `zzzzz${index + 3}`;
  await lab.openIncident(id);
  const process = await lab.boot();
  lab.steps = [{ id: 'set', tool: 'not_there', with: {} }];
  const run = started(await process.runs.start(lab.request({ incidentId: id, cause: id })));
  assert.equal(run.status, 'failed');
  await lab.closeIncident(id);
  await process.app.stop();
}

describe('one run at a time on an object', () => {
  it('has a second change wait until the first one has been verified, whoever asked for it', async () => {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, verify: { condition: 'fake_condition', timeoutMs: 60_000 } }];
    lab.condition.isMet = false;
    const { process, run, approval } = await lab.ask();
    const call = { tool: 'fake_set_template', arguments: { name: 'web', template: 'blue' } };
    const second = started(await process.runs.request({ call, requestedBy: anna, reason: 'asked in chat' }));
    const [asked] = (await lab.approvals()).filter(({ runId }) => runId === second.id);
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await lab.settle();
    assert.equal((await lab.run(run.id)).status, 'running');
    await process.approvals.decide({ approvalId: String(asked?.id), decision: 'approve', actor: anna });
    await lab.settle();
    assert.equal(lab.world.effects.length, 1);
    assert.equal((await lab.approval(String(asked?.id))).status, 'approved');
    contains((await lab.run(second.id)).reason, `Run ${run.id} is changing Deployment 'web' right now`);
    const noted = (await lab.log.readAll({ afterPosition: 0, limit: 500 })).filter(
      ({ type, data }) => type === 'comment' && data['about'] === 'object-busy',
    );
    await lab.clock.advance(20_000);
    assert.equal(noted.length, 1, 'it is said once');
    assert.deepEqual(lab.logger.linesOf('run_stuck'), []);

    lab.condition.isMet = true;
    await lab.clock.advance(61_000);
    await lab.settle();
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    // What the first one did is another object than the second was approved for.
    assert.equal((await lab.approval(String(asked?.id))).status, 'superseded');
    assert.equal((await lab.pending()).runId, second.id);
    assert.equal(lab.world.effects.length, 1);
  });

  it('lets a run go on that had begun to act, though another one may be at work on its object as well', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    const call = { tool: 'fake_set_template', arguments: { name: 'web', template: 'blue' } };
    const other = started(await process.runs.request({ call, requestedBy: anna, reason: 'asked in chat' }));
    const [asked] = (await lab.approvals()).filter(({ runId }) => runId === other.id);
    lab.tool.beforeWrite = () => {
      lab.tool.beforeWrite = null;
      throw lab.storeAway();
    };
    lab.tool.settlement = 'not-done';
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await lab.settle();
    await process.approvals.decide({ approvalId: String(asked?.id), decision: 'approve', actor: anna });
    await lab.settle();
    await lab.clock.advance(60_000);
    await lab.settle();
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    assert.notEqual((await lab.run(other.id)).status, 'running');
  });
});

describe('the breaker', () => {
  it('stops automatic runs after three failures in a row for the same key, and lets humans try', async () => {
    const lab = new RunLab();
    lab.steps = [{ id: 'set', tool: 'not_there', with: {} }];
    for (let index = 0; index < 3; index++) await failOnce(lab, index);
    await lab.openIncident();
    lab.steps = [setStep];
    const process = await lab.boot();
    const automatic = await process.runs.start(lab.request());
    assert.ok(!automatic.ok);
    contains(automatic.reason, 'last 3 automatic runs');
    const human = await process.runs.start(lab.request({ requestedBy: anna, cause: 'human' }));
    assert.ok(human.ok);
  });

  it('counts failures of incidents that were archived, too', async () => {
    const lab = new RunLab();
    lab.steps = [{ id: 'set', tool: 'not_there', with: {} }];
    for (let index = 0; index < 3; index++) await failOnce(lab, index);
    const before = '2030-01-01T00:00:00.000Z';
    assert.equal((await lab.log.archiveStreams({ before, limit: 10 })).length, 3);
    await lab.openIncident();
    lab.steps = [setStep];
    const automatic = await (await lab.boot()).runs.start(lab.request());
    assert.ok(!automatic.ok);
    contains(automatic.reason, 'last 3 automatic runs');
  });

  it('does not open before the third failure', async () => {
    const lab = new RunLab();
    lab.steps = [{ id: 'set', tool: 'not_there', with: {} }];
    for (let index = 0; index < 2; index++) await failOnce(lab, index);
    await lab.openIncident();
    const process = await lab.boot();
    assert.ok((await process.runs.start(lab.request())).ok);
  });

  it('still answers a run that had started before it opened', async () => {
    const lab = new RunLab();
    lab.steps = [{ id: 'set', tool: 'not_there', with: {} }];
    for (let index = 0; index < 3; index++) await failOnce(lab, index);
    const process = await lab.boot();
    const again = await process.runs.start(lab.request({ incidentId: 'zzzzz5', cause: 'zzzzz5' }));
    assert.ok(again.ok);
    assert.equal(again.run.status, 'failed');
  });
});

describe('what runs by itself', () => {
  it('is a call of low risk in a namespace that was opted in, under an approval of the policy', async () => {
    const lab = new RunLab();
    lab.tools = [lab.lowTool, lab.read];
    lab.config = { autoApproveLowIn: ['shop'] };
    await lab.openIncident();
    const run = started(await (await lab.boot()).runs.start(lab.request()));
    await lab.settle();
    assert.equal(lab.world.effects.length, 1);
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    const [approval] = await lab.approvals();
    assert.deepEqual(approval?.decidedBy, { channelType: 'policy', userId: 'auto-low' });
  });

  it('is nothing as shipped, and nothing in other namespaces', async () => {
    for (const autoApproveLowIn of [[], ['dev-*']]) {
      const lab = new RunLab();
      lab.tools = [lab.lowTool, lab.read];
      lab.config = { autoApproveLowIn };
      await lab.openIncident();
      await (await lab.boot()).runs.start(lab.request());
      await lab.settle();
      assert.deepEqual(lab.world.effects, []);
      assert.equal((await lab.pending()).risk, 'low');
    }
  });

  it('asks when the same object was changed a moment ago', async () => {
    const lab = new RunLab();
    lab.tools = [lab.lowTool, lab.read];
    lab.config = { autoApproveLowIn: ['shop'], objectCooldownSeconds: 300 };
    await lab.openIncident();
    const process = await lab.boot();
    await process.runs.start(lab.request());
    await lab.settle();
    await lab.clock.advance(299_000);
    await process.runs.start(lab.request({ playbook: 'other', cause: 'second' }));
    await lab.settle();
    assert.equal(lab.world.effects.length, 1);
    assert.equal((await lab.pending()).status, 'pending');
    await lab.clock.advance(301_000);
    await process.runs.start(lab.request({ playbook: 'other', cause: 'third' }));
    await lab.settle();
    assert.equal(lab.world.effects.length, 2);
  });

  async function automatically(lab: RunLab, names: readonly string[]): Promise<void> {
    lab.tools = [lab.lowTool, lab.read];
    for (const name of names) lab.world.add(name, 'old');
    const process = await lab.boot();
    const starts = names.map((name) => {
      const call = { tool: 'fake_set_template', arguments: { name, template: 'new' } };
      return process.runs.request({ call, requestedBy: rule, reason: 'a script', cause: name });
    });
    for (const start of await Promise.all(starts)) started(start);
    await lab.settle();
  }

  const many = Array.from({ length: 40 }, (_, index) => `pod-${index}`);

  it('asks once too much in a namespace ran by itself, however many objects there are', async () => {
    const lab = new RunLab();
    lab.config = {
      autoApproveLowIn: ['shop'],
      automaticChanges: { perNamespace: 5, perCluster: 20, withinSeconds: 600 },
    };
    await automatically(lab, many);
    assert.equal(lab.world.effects.length, 5);
    const waiting = (await lab.approvals()).filter(({ status }) => status === 'pending');
    assert.equal(waiting.length, 35);
    await lab.clock.advance(601_000);
    await automatically(lab, ['later']);
    assert.equal(lab.world.effects.length, 6);
  });

  it('asks once too much in a cluster ran by itself', async () => {
    const lab = new RunLab();
    lab.config = {
      autoApproveLowIn: ['shop'],
      automaticChanges: { perNamespace: 9, perCluster: 3, withinSeconds: 600 },
    };
    await automatically(lab, many.slice(0, 6));
    assert.equal(lab.world.effects.length, 3);
  });

  it('is not limited by what people approved', async () => {
    const lab = new RunLab();
    lab.config = { automaticChanges: { perNamespace: 1, perCluster: 1, withinSeconds: 600 } };
    await automatically(lab, many.slice(0, 3));
    assert.equal(lab.world.effects.length, 0);
    const process = await lab.boot();
    for (const { id } of await lab.approvals()) {
      await process.approvals.decide({ approvalId: id, decision: 'approve', actor: anna });
      await lab.settle();
    }
    assert.equal(lab.world.effects.length, 3);
  });

  it('is refused where the policy forbids it, without asking anybody', async () => {
    const lab = new RunLab();
    lab.config = { policy: [{ name: 'frozen', namespace: ['shop'], verdict: 'deny', reason: 'Change freeze.' }] };
    await lab.openIncident();
    const run = started(await (await lab.boot()).runs.start(lab.request({ requestedBy: rule })));
    assert.equal(run.status, 'rejected');
    contains(run.reason, 'Change freeze.');
    assert.deepEqual(await lab.approvals(), []);
  });
});
