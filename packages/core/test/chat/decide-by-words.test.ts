import assert from 'node:assert/strict';
import { ApprovalIntent, formatPlainText } from '@dogwatch/core';
import type { IncomingMessage } from '@dogwatch/core';
import { anna, RunLab, setStep } from '../runs/run-lab.js';

describe('a press of a button about high risk', () => {
  async function press(metadata: Partial<IncomingMessage['metadata']>, text?: string): Promise<[string, string]> {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, risk: 'high' }];
    const { process, approval } = await lab.ask();
    const intent = new ApprovalIntent(process.approvals);
    const message: IncomingMessage = {
      ...anna,
      text: text ?? `approve ${approval.id}`,
      metadata: { destination: { channelType: 'web', room: 'console' }, messageId: null, ...metadata },
    };
    const context = { message, actor: anna, conversation: 'c', topic: null, remember: () => Promise.resolve() };
    const words = intent.match(message.text);
    assert.ok(words !== null);
    const replies = await intent.handle(words, context);
    return [(await lab.approval(approval.id)).status, replies.map(formatPlainText).join('\n')];
  }

  it('approves when the channel has had the person confirm it', async () => {
    const [status, reply] = await press({ isButton: true, isConfirmed: true });
    assert.equal(status, 'approved');
    assert.match(reply, /^Approved /);
  });

  it('is answered with the line to type where no dialog was confirmed', async () => {
    const [status, reply] = await press({ isButton: true });
    assert.equal(status, 'pending');
    assert.match(reply, /send exactly this line:\napprove \w+ web$/);
  });

  it('is nothing that typed words can claim to be', async () => {
    const [status] = await press({ isConfirmed: true });
    assert.equal(status, 'pending');
  });
});

describe('the approve button of a message about high risk', () => {
  it('carries what the person must confirm, and no other button does', async () => {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, risk: 'high' }];
    const { approval } = await lab.ask();
    await lab.settle();
    const buttons = lab.notifier.latest(`approval/${approval.id}`)?.buttons ?? [];
    assert.deepEqual(
      buttons.map(({ action, confirm }) => [action, confirm]),
      [
        ['approve', 'This is of high risk. Fake set template Deployment shop/web (template: new), cluster fake?'],
        ['reject', undefined],
      ],
    );
  });
});
