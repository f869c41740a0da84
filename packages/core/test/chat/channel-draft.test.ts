import assert from 'node:assert/strict';
import {
  ChannelRouter,
  KeywordMessageHandler,
  MemoryIncidentLog,
  MemoryTopicMemory,
  plainMessage,
  rolesOf,
  ROLES,
} from '@dogwatch/core';
import type { Exchange, Intent, MessageListener, MessageReference, OutgoingMessage } from '@dogwatch/core';
import { ManualClock, RecordingLogger, RecordingMetrics } from '@dogwatch/testkit';
import { FakeChannel } from './fake-channel.js';

const slow: Intent = {
  id: 'slow',
  priority: 1,
  match: (text) => (text.startsWith('tell') ? text : null),
  async handle(_match, { draft }) {
    await draft?.show(plainMessage('It'));
    await draft?.show(plainMessage('It is'));
    return [plainMessage('It is well.'), plainMessage('Really.')];
  },
};

describe('an answer that takes long', () => {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const metrics = new RecordingMetrics();
  let exchanges: Exchange[];

  async function answer(channel: FakeChannel, listener?: MessageListener): Promise<void> {
    exchanges = [];
    const listeners: MessageListener[] = [
      ...(listener === undefined ? [] : [listener]),
      { answered: async (exchange) => void exchanges.push(exchange) },
    ];
    const handler = new KeywordMessageHandler([slow], new MemoryTopicMemory(clock), logger, metrics, listeners);
    const router = new ChannelRouter(
      [channel],
      handler,
      logger,
      metrics,
      new MemoryIncidentLog(),
      clock,
      rolesOf(ROLES),
    );
    await router.open();
    await channel.write({ text: 'tell me everything' });
    await router.close();
    await router.stop();
  }

  it('is one message that is edited until it is complete', async () => {
    const channel = new FakeChannel('slack');
    await answer(channel);
    assert.deepEqual(
      channel.posts.map(({ versions }) => versions.map(({ text }) => text)),
      [['It', 'It is', 'It is well.'], ['Really.']],
    );
  });

  it('takes more messages than the draft where the channel can complete it so', async () => {
    class Completing extends FakeChannel {
      async complete(draft: MessageReference, message: OutgoingMessage): Promise<MessageReference> {
        await this.update(draft, { ...message, text: `${message.text} (1)` });
        await this.send(draft.destination, { ...message, text: `${message.text} (2)` });
        return draft;
      }
    }
    const channel = new Completing('slack');
    await answer(channel);
    assert.deepEqual(channel.texts(), ['It is well. (1)', 'It is well. (2)', 'Really.']);
  });

  it('comes whole where the channel does not edit', async () => {
    const channel = new FakeChannel('slack', [], { edits: false, buttons: false });
    await answer(channel);
    assert.deepEqual(channel.calls, ['ops: It is well.', 'ops: Really.']);
  });

  it('is told to those who listen, with what understood it, and reaches the person though a listener fails', async () => {
    const channel = new FakeChannel('slack');
    await answer(channel, { answered: () => Promise.reject(new Error('away')) });
    assert.deepEqual(channel.texts(), ['It is well.', 'Really.']);
    const [exchange] = exchanges;
    assert.equal(exchange?.intent, 'slow');
    assert.deepEqual(
      exchange?.replies.map((reply) => reply.text),
      ['It is well.', 'Really.'],
    );
    assert.equal(exchange?.message.text, 'tell me everything');
  });
});
