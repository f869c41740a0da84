import assert from 'node:assert/strict';
import { anna, ben, contains, RunLab, setStep } from '../runs/run-lab.js';

const high = { ...setStep, risk: 'high' as const };

describe('a decision', () => {
  it('is won by the first of 100 at once, from two replicas and several channels', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    const replica = await lab.boot();
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const actor = { channelType: index % 3 === 0 ? 'slack' : 'web', userId: `user-${index}` };
        const decision = index % 2 === 0 ? 'approve' : 'reject';
        return (index % 2 === 0 ? process : replica).approvals.decide({ approvalId: approval.id, decision, actor });
      }),
    );
    const recorded = outcomes.filter((outcome) => outcome.kind === 'recorded');
    assert.equal(recorded.length, 1);
    assert.equal(outcomes.filter((outcome) => outcome.kind === 'already-settled').length, 99);
    const [winner] = recorded;
    assert.ok(winner?.kind === 'recorded');
    for (const outcome of outcomes) {
      assert.ok(outcome.kind !== 'unknown');
      assert.deepEqual(outcome.approval.decidedBy, winner.approval.decidedBy);
    }
    await lab.settle();
    await lab.clock.advance(60_000);
    assert.equal(lab.world.effects.length, winner.approval.status === 'approved' ? 1 : 0);
    assert.equal((await lab.run(run.id)).status, winner.approval.status === 'approved' ? 'succeeded' : 'rejected');
    assert.equal((await lab.events('approval-vote')).length, 1);
  });

  it('at the very moment of expiry is refused, and settles the approval as expired', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    await process.app.stop();
    await lab.clock.advance(300_000);
    const outcome = await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    assert.equal(outcome.kind, 'expired');
    assert.equal((await lab.approval(approval.id)).status, 'expired');
    assert.equal((await lab.approval(approval.id)).decidedBy, null);
    assert.equal((await lab.run(run.id)).status, 'rejected');
    assert.equal((await lab.events('approval-vote')).length, 0);
  });

  it('a moment before expiry counts', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await lab.clock.advance(299_999);
    const outcome = await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    assert.equal(outcome.kind, 'recorded');
  });

  it('about high risk needs the exact name of the target, and changes nothing without it', async () => {
    const lab = new RunLab();
    lab.steps = [high];
    const { process, approval } = await lab.ask();
    assert.equal(approval.requiresConfirm, true);
    for (const confirm of [undefined, '', 'Web', 'web ', 'shop/web']) {
      const decision = { approvalId: approval.id, decision: 'approve' as const, actor: anna };
      const outcome = await process.approvals.decide(confirm === undefined ? decision : { ...decision, confirm });
      assert.ok(outcome.kind === 'confirm-needed', `'${confirm}' was taken: ${outcome.kind}`);
      assert.equal(outcome.line, `approve ${approval.id} web`);
    }
    assert.equal((await lab.events('approval-vote')).length, 0);
    const id = approval.id;
    const outcome = await process.approvals.decide({
      approvalId: id,
      decision: 'approve',
      confirm: 'web',
      actor: anna,
    });
    assert.equal(outcome.kind, 'recorded');
  });

  it('against something of high risk needs no name', async () => {
    const lab = new RunLab();
    lab.steps = [high];
    const { process, approval } = await lab.ask();
    const outcome = await process.approvals.decide({ approvalId: approval.id, decision: 'reject', actor: anna });
    assert.equal(outcome.kind, 'recorded');
  });

  it('of somebody who is no approver is refused and recorded nowhere', async () => {
    const lab = new RunLab();
    lab.config = { approvers: ['web:*', 'slack:carl'] };
    const { process, approval } = await lab.ask();
    const refused = await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: ben });
    assert.equal(refused.kind, 'not-approver');
    const events = (await lab.types()).length;
    assert.equal((await lab.approval(approval.id)).status, 'pending');
    const taken = await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    assert.equal(taken.kind, 'recorded');
    assert.ok((await lab.types()).length > events);
  });

  it('cannot be taken in the name of a policy or of Dogwatch', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    for (const channelType of ['policy', 'system']) {
      const actor = { channelType, userId: 'auto-low' };
      const outcome = await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor });
      assert.equal(outcome.kind, 'not-approver');
    }
  });

  it('about something unknown says so', async () => {
    const lab = new RunLab();
    const { process } = await lab.ask();
    const outcome = await process.approvals.decide({ approvalId: 'aaaaaa', decision: 'approve', actor: anna });
    assert.ok(outcome.kind === 'unknown');
    contains(outcome.message, "'aaaaaa'");
  });

  it('after the incident was resolved is refused, also before anybody has taken the approval back', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    await process.app.stop();
    await lab.resolveIncident();
    const outcome = await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    assert.equal(outcome.kind, 'superseded');
    assert.equal((await lab.run(run.id)).status, 'cancelled');
  });
});

describe('an approval that nobody decides', () => {
  it('expires by itself when its time is over, and ends the run', async () => {
    const lab = new RunLab();
    const { run, approval } = await lab.ask();
    await lab.clock.advance(299_000);
    assert.equal((await lab.approval(approval.id)).status, 'pending');
    await lab.clock.advance(1_000);
    assert.equal((await lab.approval(approval.id)).status, 'expired');
    assert.equal((await lab.run(run.id)).status, 'rejected');
  });

  it('is settled at boot when its time ended while nothing ran', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    await process.app.stop();
    await lab.clock.advance(3_600_000);
    await lab.boot();
    await lab.settle();
    assert.equal((await lab.approval(approval.id)).status, 'expired');
    assert.equal((await lab.run(run.id)).status, 'rejected');
  });

  it('keeps its deadline across a restart', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await lab.clock.advance(200_000);
    await process.app.stop();
    await lab.boot();
    await lab.clock.advance(99_000);
    assert.equal((await lab.approval(approval.id)).status, 'pending');
    await lab.clock.advance(1_000);
    assert.equal((await lab.approval(approval.id)).status, 'expired');
  });

  it('can be asked again, which plans anew, once', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await lab.clock.advance(300_000);
    lab.world.edit('web', 'changed meanwhile');
    const again = await process.runs.askAgain(approval.id, anna);
    const twice = await process.runs.askAgain(approval.id, ben);
    assert.ok(again.ok && twice.ok);
    assert.equal(again.run.id, twice.run.id);
    const asked = await lab.pending();
    assert.notEqual(asked.id, approval.id);
    contains(asked.preview.text, 'changed meanwhile');
  });

  it('can be asked again only once it has expired', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    const start = await process.runs.askAgain(approval.id, anna);
    assert.ok(!start.ok);
    contains(start.reason, 'pending');
  });
});

describe('waiting for the result of an approval', () => {
  it('ends with what was decided', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    const result = process.approvals.awaitResult(approval.id, new AbortController().signal);
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    assert.deepEqual((await result).decidedBy, anna);
  });

  it('ends with the expiry when nobody decides', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    const result = process.approvals.awaitResult(approval.id, new AbortController().signal);
    await lab.clock.advance(301_000);
    assert.equal((await result).status, 'expired');
  });

  it('ends at once when it is settled already, and with an error that says so when there is none', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await process.approvals.decide({ approvalId: approval.id, decision: 'reject', actor: anna });
    const { signal } = new AbortController();
    assert.equal((await process.approvals.awaitResult(approval.id, signal)).status, 'rejected');
    await assert.rejects(process.approvals.awaitResult('zzzzz9', signal), { code: 'DW_APPROVAL_UNKNOWN' });
  });

  it('ends with what another replica recorded, also where the store gave no hint of it', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    const replica = await lab.boot();
    lab.log.onAppend = () => () => undefined;
    const result = replica.approvals.awaitResult(approval.id, new AbortController().signal);
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await lab.clock.advance(1_000);
    assert.deepEqual((await result).decidedBy, anna);
  });

  it('waits on while other things happen, and leaves nothing waiting behind', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    const before = lab.clock.pendingTimers;
    let isOver = false;
    const stop = new AbortController();
    const result = process.approvals.awaitResult(approval.id, stop.signal).finally(() => {
      isOver = true;
    });
    await lab.openIncident('zzzzz3', 'fake/Deployment/shop/api');
    await lab.settle();
    assert.equal(isOver, false);
    stop.abort(new Error('enough'));
    await assert.rejects(result, /enough/);
    await assert.rejects(process.approvals.awaitResult('zzzzz9', new AbortController().signal));
    assert.equal(lab.clock.pendingTimers, before);
  });

  it('ends with the reason of its signal', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    const stop = new AbortController();
    const result = process.approvals.awaitResult(approval.id, stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(result, /enough/);
  });
});

describe('an id as people type it', () => {
  it('may be shortened to an unambiguous beginning of 4 characters', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    const prefix = approval.id.slice(0, 4).toUpperCase();
    assert.deepEqual(await process.approvals.resolveId(prefix), { kind: 'found', id: approval.id });
    assert.equal((await process.approvals.resolveId(approval.id.slice(0, 3))).kind, 'unknown');
    assert.equal((await process.approvals.resolveId('aaaa')).kind, 'unknown');
    assert.equal((await process.approvals.resolveId('../etc')).kind, 'unknown');
  });
});
