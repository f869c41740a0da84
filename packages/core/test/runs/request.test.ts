import assert from 'node:assert/strict';
import { approvalOf } from '@dogwatch/core';
import type { CallRequest, RunSummary } from '@dogwatch/core';
import { FakeWriteTool } from '@dogwatch/testkit';
import { anna, ben, contains, RunLab, started } from './run-lab.js';
import type { LabProcess } from './run-lab.js';

const asked: CallRequest = {
  call: { tool: 'fake_set_template', arguments: { name: 'web', template: '{{ incident.id }}' } },
  requestedBy: anna,
  reason: 'web:anna wrote "set web"',
};

describe('a call that somebody asks for by itself', () => {
  let lab: RunLab;
  let process: LabProcess;

  async function boot(): Promise<void> {
    process = await lab.boot();
  }

  async function request(change: Partial<CallRequest> = {}): Promise<RunSummary> {
    return started(await process.runs.request({ ...asked, ...change }));
  }

  async function approve(id: string | null): Promise<void> {
    await process.approvals.decide({ approvalId: String(id), decision: 'approve', actor: ben });
    await lab.settle();
  }

  beforeEach(async () => {
    lab = new RunLab();
    await boot();
  });

  it('waits for an approval with a preview, belongs to no incident, and changes nothing before', async () => {
    const run = await request();
    assert.equal(run.status, 'waiting');
    assert.equal(run.incidentId, null);
    assert.equal(run.playbook, 'request');
    const pending = await lab.pending();
    assert.equal(approvalOf(run), pending.id);
    assert.equal(pending.incidentId, null);
    assert.equal(pending.reason, asked.reason);
    assert.deepEqual(pending.arguments, asked.call.arguments);
    contains(pending.preview.text, '+ template');
    assert.equal(lab.world.effects.length, 0);
    assert.ok(lab.notifier.shown.some((live) => live.messageKey === `approval/${pending.id}`));
  });

  it('is carried out once it is approved, its arguments taken as data, and can be undone', async () => {
    const run = await request();
    await approve(approvalOf(run));
    assert.equal((await lab.run(run.id)).status, 'succeeded');
    assert.equal(lab.world.template('web'), '{{ incident.id }}');
    const undo = started(await process.runs.undo(run.id, anna));
    await approve(approvalOf(undo));
    assert.equal(lab.world.template('web'), 'old');
  });

  it('changes nothing when it is rejected', async () => {
    const run = await request();
    await process.approvals.decide({ approvalId: String(approvalOf(run)), decision: 'reject', actor: ben });
    await lab.settle();
    assert.equal((await lab.run(run.id)).status, 'rejected');
    assert.equal(lab.world.effects.length, 0);
  });

  it('can be asked for again when nobody decided in time', async () => {
    const run = await request();
    await lab.clock.advance(301_000);
    await lab.settle();
    assert.equal((await lab.run(run.id)).status, 'rejected');
    const again = started(await process.runs.askAgain(String(run.steps[0]?.approvalId), anna));
    await approve(approvalOf(again));
    assert.equal(lab.world.effects.length, 1);
  });

  it('answers the first run when the same message arrives again, and a run of its own otherwise', async () => {
    const first = await request({ cause: 'message/slack/C1/17' });
    assert.equal((await request({ cause: 'message/slack/C1/17' })).id, first.id);
    assert.notEqual((await request({ cause: 'message/slack/C1/18' })).id, first.id);
    assert.notEqual((await request()).id, (await request()).id);
  });

  it('survives a restart while it waits', async () => {
    const run = await request();
    await process.app.stop();
    await boot();
    await approve(approvalOf(run));
    assert.equal(lab.world.effects.length, 1);
  });

  it('raises the risk when it is told to, and never lowers it', async () => {
    await request({ risk: 'high' });
    assert.equal((await lab.pending()).risk, 'high');
    await process.app.stop();
    lab = new RunLab();
    await boot();
    await request({ risk: 'low' });
    assert.equal((await lab.pending()).risk, 'medium');
  });

  it('is refused for a tool that is not installed, only reads, or gets wrong arguments', async () => {
    const refused = async (call: CallRequest['call']): Promise<string> => {
      const start = await process.runs.request({ ...asked, call });
      return start.ok ? 'started' : start.reason;
    };
    contains(await refused({ tool: 'drain', arguments: {} }), "Tool 'drain' is not installed. Known: fake_read, fake");
    contains(await refused({ tool: 'fake_read', arguments: {} }), 'only reads');
    contains(await refused({ tool: 'fake_set_template', arguments: { name: 'web' } }), 'wrong arguments');
    assert.deepEqual(await lab.allRuns(), []);
  });

  it('ends at once, with the reason, when its target does not exist', async () => {
    const run = await request({ call: { ...asked.call, arguments: { name: 'nothing', template: 'new' } } });
    assert.equal(run.status, 'failed');
    assert.equal(approvalOf(run), null);
    contains(run.reason, 'does not exist');
  });

  it('is verified by what its tool says, where that condition is installed', async () => {
    const verification = { condition: 'fake_condition', timeoutMs: 10_000 };
    const other = { condition: 'not_installed', timeoutMs: 10_000 };
    lab = new RunLab();
    lab.tools = [
      new FakeWriteTool(lab.world, { verification }),
      new FakeWriteTool(lab.world, { name: 'other', verification: other }),
    ];
    lab.condition.isMet = false;
    await boot();
    const run = await request();
    await approve(approvalOf(run));
    assert.equal((await lab.run(run.id)).status, 'running');
    lab.condition.isMet = true;
    await lab.clock.advance(1_000);
    await lab.settle();
    contains((await lab.run(run.id)).reason, "'fake condition' held");
    const unverified = await request({ call: { tool: 'other', arguments: { name: 'web', template: 'x' } } });
    await approve(approvalOf(unverified));
    assert.equal((await lab.run(unverified.id)).status, 'succeeded');
  });
});
