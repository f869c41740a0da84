import assert from 'node:assert/strict';
import type { OutgoingMessage } from '@dogwatch/core';
import { anna, contains, rule, RunLab, setStep } from '../runs/run-lab.js';

function shown(lab: RunLab, approvalId: string): OutgoingMessage {
  const message = lab.notifier.latest(`approval/${approvalId}`);
  assert.ok(message !== null, `approval ${approvalId} was never shown`);
  return message;
}

function actions(message: OutgoingMessage): readonly string[] {
  return message.buttons.map((button) => button.action);
}

// Remembers in the log, as the real notifier does, that an approval's message was posted.
async function rememberShown(lab: RunLab, approvalId: string): Promise<void> {
  const event = { ...lab.event('notified'), data: { messageKey: `approval/${approvalId}` } };
  await lab.log.append({ appends: [{ stream: lab.stream, expectedVersion: 'any', events: [event] }] });
}

describe('the message of an approval', () => {
  it('says what, why, how risky, until when, and shows the diff with two buttons', async () => {
    const lab = new RunLab();
    const { approval, run } = await lab.ask();
    await lab.settle();
    const message = shown(lab, approval.id);
    assert.equal(message.title, 'Approve? Fake set template Deployment shop/web (template: new)');
    contains(message.text, 'Rule bad-rollout: it crashes.');
    contains(message.text, `by ${approval.expiresAt.slice(11, 19)} UTC, 5 min after this was asked.`);
    assert.deepEqual(message.blocks, [{ kind: 'diff', text: '- template: "old"\n+ template: "new"' }]);
    assert.deepEqual(actions(message), ['approve', 'reject']);
    assert.ok(message.buttons.every((button) => button.approvalId === approval.id));
    const facts = Object.fromEntries(message.facts.map((fact) => [fact.label, fact.value]));
    assert.equal(facts['Risk'], 'MEDIUM');
    contains(facts['Call'], '{"name":"web","template":"new"}');
    contains(facts['Run'], run.id);
    assert.equal(lab.notifier.shown[0]?.stream, lab.stream);
  });

  it('keeps on one line what the verification and the tool say, and offers its own command alone', async () => {
    for (const met of [true, false]) {
      const lab = new RunLab();
      lab.steps = [{ ...setStep, verify: { condition: 'fake_condition', timeoutMs: 60_000 } }];
      lab.condition.check = () => Promise.resolve({ met, message: 'web\nApproved by web:anna.\n/resume' });
      const { process, approval, run } = await lab.ask();
      await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
      await lab.settle();
      await lab.clock.advance(61_000);
      await lab.settle();
      const message = shown(lab, approval.id);
      contains(message.text, 'web Approved by web:anna. /resume');
      assert.deepEqual(message.text.split('\n').slice(1), [`To take it back: /undo ${run.id}`]);
      assert.deepEqual(message.commands, [`/undo ${run.id}`]);
    }
  });

  it('names the exact line to type when the risk is high', async () => {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, risk: 'high' }];
    const { approval } = await lab.ask();
    await lab.settle();
    const message = shown(lab, approval.id);
    contains(message.title, 'HIGH RISK');
    assert.deepEqual(message.facts[0], { label: 'To approve', value: `approve ${approval.id} web` });
  });

  it('is in the log before it is shown', async () => {
    const lab = new RunLab();
    let wasRecorded: boolean | null = null;
    const show = lab.notifier.show.bind(lab.notifier);
    lab.notifier.show = async (live) => {
      if (live.messageKey.startsWith('approval/')) {
        wasRecorded ??= (await lab.events('approval-requested')).length === 1;
      }
      return show(live);
    };
    await lab.ask();
    await lab.settle();
    assert.equal(wasRecorded, true);
  });

  it('loses its buttons and says who decided and what came of it', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    await lab.settle();
    await rememberShown(lab, approval.id);
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await lab.settle();
    const message = shown(lab, approval.id);
    assert.deepEqual(actions(message), []);
    contains(message.title, 'Done');
    contains(message.text, 'Approved by web:anna');
    contains(message.text, `/undo ${run.id}`);
  });

  it('has a colour only as long as somebody has to look', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await lab.settle();
    assert.equal(shown(lab, approval.id).severity, 'warning');
    await rememberShown(lab, approval.id);
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await lab.settle();
    assert.equal(shown(lab, approval.id).severity, 'info');
  });

  it('says in its title that it is an undo', async () => {
    const lab = new RunLab();
    const { process, run, approval } = await lab.ask();
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await lab.settle();
    await process.runs.undo(run.id, anna);
    await lab.settle();
    const undo = await lab.pending();
    assert.match(shown(lab, undo.id).title ?? '', new RegExp(`^Approve\\? Undo run ${run.id}: `));
  });

  it('says that nothing was changed when somebody rejects it', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await lab.settle();
    await rememberShown(lab, approval.id);
    await process.approvals.decide({ approvalId: approval.id, decision: 'reject', actor: anna });
    await lab.settle();
    const message = shown(lab, approval.id);
    contains(message.text, 'Rejected by web:anna');
    contains(message.text, 'Nothing was changed');
    assert.deepEqual(actions(message), []);
  });

  it('says that it expired, with a button to ask again, which goes when somebody did', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await lab.settle();
    await rememberShown(lab, approval.id);
    await lab.clock.advance(301_000);
    assert.deepEqual(actions(shown(lab, approval.id)), ['ask-again']);
    contains(shown(lab, approval.id).title, 'Expired');
    const again = await process.runs.askAgain(approval.id, anna);
    assert.ok(again.ok);
    await lab.settle();
    assert.deepEqual(actions(shown(lab, approval.id)), []);
    contains(shown(lab, approval.id).text, again.run.id);
  });

  it('asks a human to look when nobody can tell what happened', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await lab.settle();
    await rememberShown(lab, approval.id);
    lab.tool.settlement = 'unknown';
    lab.tool.afterWrite = () => {
      throw new Error('socket hang up');
    };
    await process.approvals.decide({ approvalId: approval.id, decision: 'approve', actor: anna });
    await lab.settle();
    contains(shown(lab, approval.id).title, 'LOOK AT IT');
    contains(shown(lab, approval.id).text, 'look at the target yourself');
  });

  it('is put right at boot when the process died between decision and edit', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await rememberShown(lab, approval.id);
    await process.app.stop();
    await process.approvals.decide({ approvalId: approval.id, decision: 'reject', actor: anna });
    lab.notifier.shown.length = 0;
    await lab.boot();
    await lab.settle();
    contains(shown(lab, approval.id).text, 'Rejected by web:anna');
  });

  it('is shown at boot when the process died between recording and showing it', async () => {
    const lab = new RunLab();
    const { process, approval } = await lab.ask();
    await process.app.stop();
    lab.notifier.shown.length = 0;
    await lab.boot();
    await lab.settle();
    assert.deepEqual(actions(shown(lab, approval.id)), ['approve', 'reject']);
  });

  it('tells of a change that a policy let through by itself', async () => {
    const lab = new RunLab();
    lab.tools = [lab.lowTool, lab.read];
    lab.config = { autoApproveLowIn: ['shop'] };
    await lab.openIncident();
    await (await lab.boot()).runs.start(lab.request());
    await lab.settle();
    const [approval] = await lab.approvals();
    contains(shown(lab, approval?.id ?? '').text, 'Approved by policy:auto-low');
  });

  it('is only brought up to date once it is over, where nobody saw the question', async () => {
    const lab = new RunLab();
    const { approval } = await lab.ask();
    await lab.settle();
    const edits = (): readonly boolean[] =>
      lab.notifier.shown
        .filter(({ messageKey }) => messageKey === `approval/${approval.id}`)
        .map(({ isEditOnly }) => isEditOnly === true);
    assert.ok(!edits().includes(true));
    await lab.clock.advance(301_000);
    assert.equal(edits().at(-1), true);
  });

  it('is awaited when a human asked for the change, and not when a rule did', async () => {
    for (const [requestedBy, isAwaited] of [
      [anna, true],
      [rule, false],
    ] as const) {
      const lab = new RunLab();
      await lab.ask({ requestedBy });
      await lab.settle();
      const question = lab.notifier.shown.find(({ messageKey }) => messageKey.startsWith('approval/'));
      assert.equal(question?.isAwaited, isAwaited);
    }
  });

  it('shows what others wrote on one line, so that it does not look like its own words', async () => {
    const lab = new RunLab();
    const forged = 'it crashes.\nApproved by web:anna. It was done\u202e.';
    const { process, approval } = await lab.ask({ reason: forged });
    await lab.settle();
    contains(shown(lab, approval.id).text, 'It crashes. Approved by web:anna. It was done\ufffd.\nNothing is changed');
    const actor = anna;
    await process.approvals.decide({ approvalId: approval.id, decision: 'reject', actor, reason: 'no\nExpired' });
    await lab.settle();
    contains(lab.notifier.latest(`approval/${approval.id}`)?.text, 'Reason: No Expired.');
  });

  it('is tried again when it could not be shown', async () => {
    const lab = new RunLab();
    let failures = 2;
    const show = lab.notifier.show.bind(lab.notifier);
    lab.notifier.show = async (live) => {
      if (failures-- > 0) throw new Error('the store is away');
      return show(live);
    };
    const { approval } = await lab.ask();
    await lab.clock.advance(20_000);
    assert.deepEqual(actions(shown(lab, approval.id)), ['approve', 'reject']);
  });
});
