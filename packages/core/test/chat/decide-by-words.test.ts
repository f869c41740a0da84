import assert from 'node:assert/strict';
import {
  ApprovalIntent,
  CommandIntent,
  formatPlainText,
  KeywordMessageHandler,
  MemoryTopicMemory,
} from '@dogwatch/core';
import type { IncomingMessage, Risk } from '@dogwatch/core';
import { anna, contains, RunLab, setStep } from '../runs/run-lab.js';
import { undecided } from './kubernetes/sentences.js';

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
    assert.ok(replies !== null);
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

describe('words behind the id that are not the name of the target', () => {
  async function say(
    risk: Risk,
    sentence: (id: string) => string,
  ): Promise<{ lab: RunLab; id: string; reply: string }> {
    const lab = new RunLab();
    lab.steps = [{ ...setStep, risk }];
    if (risk === 'low') lab.tools = [lab.lowTool, lab.read];
    const { process, approval } = await lab.ask();
    assert.equal(approval.risk, risk);
    const handler = new KeywordMessageHandler(
      [new ApprovalIntent(process.approvals), new CommandIntent(process.parts.commands)],
      new MemoryTopicMemory(lab.clock),
      lab.logger,
      lab.metrics,
    );
    const metadata = { destination: { channelType: 'web', room: 'console' }, messageId: null };
    const replies = await handler.handle({ ...anna, text: sentence(approval.id), metadata });
    return { lab, id: approval.id, reply: replies.map(formatPlainText).join('\n') };
  }

  for (const text of undecided) {
    it(`decide nothing, and are answered with the line to type: '${text}'`, async () => {
      for (const risk of ['low', 'medium', 'high'] as const) {
        const { lab, id, reply } = await say(risk, (shown) => text.replace('7f3ka2', shown));
        assert.equal((await lab.approval(id)).status, 'pending', risk);
        assert.deepEqual(await lab.events('approval-vote'), [], risk);
        contains(reply, `To approve it, send exactly this line:\napprove ${id} web`);
      }
    });
  }

  it('are said to be no target, and quoted without what could hide something', async () => {
    const { reply } = await say('medium', (id) => `/approval approve ${id} not\u202e now ${'please '.repeat(20)}`);
    assert.match(
      reply,
      /^Nothing was decided: 'not\ufffd now (please )+pl' is not the target of approval \w+, Deployment 'web' is\./,
    );
  });

  it('do not keep the exact name from approving, at any risk', async () => {
    for (const risk of ['low', 'medium', 'high'] as const) {
      for (const line of ['approve 7f3ka2 web', '/approval approve 7f3ka2 web']) {
        const { lab, id } = await say(risk, (shown) => line.replace('7f3ka2', shown));
        assert.equal((await lab.approval(id)).status, 'approved', `${risk}: ${line}`);
      }
    }
  });

  it('do not keep anybody from rejecting', async () => {
    const { lab, id } = await say('medium', (shown) => `reject ${shown} now`);
    assert.equal((await lab.approval(id)).status, 'rejected');
  });
});
