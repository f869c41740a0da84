import assert from 'node:assert/strict';
import { KeywordMessageHandler, MemoryIncidentLog, MemoryTopicMemory, UnknownPersonIntent } from '@dogwatch/core';
import {
  CommandIntent,
  formatPlainText,
  K8sCommand,
  KubernetesChat,
  KubernetesIntent,
  plainMessage,
} from '@dogwatch/core';
import type { ChatCommand, Intent, Runs } from '@dogwatch/core';
import { ManualClock, RecordingLogger, RecordingMetrics } from '@dogwatch/testkit';
import { chatRegistry } from './kubernetes/chat-world.js';

const people = [{ id: 'anna', name: 'Anna Berg', identities: ['slack:U1'], roles: [] }];

describe('somebody who is not listed', () => {
  const clock = new ManualClock();
  let log: MemoryIncidentLog;
  let ran: string[];

  beforeEach(() => {
    log = new MemoryIncidentLog();
    ran = [];
  });

  function handlerFor(
    unknownPeople: 'refuse' | 'read',
    more: readonly Intent[] = [],
  ): (text: string, userId?: string) => Promise<string> {
    const command: ChatCommand = {
      name: 'incident',
      usage: [],
      description: 'Incidents',
      isReading: ([form]) => form === 'list',
      run: ({ words }) => {
        ran.push(words.join(' '));
        return Promise.resolve([plainMessage('done')]);
      },
    };
    const intents = [
      ...(more.length > 0 ? [] : [new CommandIntent([command])]),
      new UnknownPersonIntent([{ people }], { unknownPeople }, log, clock),
      ...more,
    ];
    const handler = new KeywordMessageHandler(
      intents,
      new MemoryTopicMemory(clock),
      new RecordingLogger(),
      new RecordingMetrics(),
    );
    return async (text, userId = 'U666') => {
      const destination = { channelType: 'slack', room: 'C1' };
      const metadata = { destination, messageId: null };
      const replies = await handler.handle({ userId, channelType: 'slack', text, metadata });
      return replies.map(formatPlainText).join('\n');
    };
  }

  it('is refused politely, and the log has an entry', async () => {
    const say = handlerFor('refuse');
    assert.match(await say('/incident ack abcd'), /do not know you as 'slack:U666'/);
    assert.match(await say('/incident list'), /do not know you/);
    assert.deepEqual(ran, []);
    const [event, ...more] = await log.readStream('people/unknown');
    assert.equal(event?.type, 'person-refused');
    assert.deepEqual(event?.actor, { channelType: 'slack', userId: 'U666' });
    assert.deepEqual(more, [], 'one entry, however often somebody writes');
    await clock.advance(600_000);
    await say('/incident list');
    assert.equal((await log.readStream('people/unknown')).length, 2);
  });

  it('may look at things where that is allowed, and do nothing else', async () => {
    const say = handlerFor('read');
    assert.equal(await say('/incident list'), 'done');
    assert.match(await say('/help'), /What I understand/);
    assert.match(await say('/incident ack abcd'), /do not know you/);
    assert.match(await say('scale web to 3'), /do not know you/);
    assert.equal(await say('!incident list'), 'done');
    assert.match(await say('help'), /What I understand/);
    assert.match(await say('!incident ack abcd'), /do not know you/);
    assert.deepEqual(ran, ['list', 'list']);
  });

  it('is judged by what would answer in the end, also where the first to match declines', async () => {
    const talk = (id: string, priority: number, isReading: boolean, declines = false): Intent<string> => ({
      id,
      priority,
      match: (text) => text,
      isReading: () => isReading,
      handle: () => Promise.resolve(declines ? null : [plainMessage(id)]),
    });
    assert.equal(await handlerFor('read', [talk('looks', 300, true), talk('acts', 400, false)])('x'), 'looks');
    assert.match(
      await handlerFor('read', [talk('acts', 300, false), talk('looks', 400, true)])('x'),
      /do not know you/,
    );
    const declining = [talk('looks', 300, true, true), talk('acts', 400, false)];
    assert.match(await handlerFor('read', declining)('x'), /do not know you/);
  });

  it('may ask about clusters in all the ways there are, and change nothing in any', async () => {
    const chat = new KubernetesChat(chatRegistry(), {} as Runs, log, clock, []);
    chat.answer = (ask) => Promise.resolve([plainMessage(`answered ${ask.kind}`)]);
    const k8s = new CommandIntent([new K8sCommand(chat)]);
    const say = handlerFor('read', [new KubernetesIntent(chat), k8s]);
    const reads = ['/k8s pods', '!k8s get pods -n prod', '/K8S logs web', 'show pods in shop', 'Is anything broken?'];
    for (const text of reads) assert.match(await say(text), /^answered/, text);
    assert.match(await say('/k8s nonsense'), /Write it like one of these/);
    const writes = [
      '/k8s restart web',
      '!k8s rollout undo web',
      '/k8s please scale web to 3',
      'restart web',
      'drain node-1',
    ];
    for (const text of writes) assert.match(await say(text), /do not know you/, text);
    for (const text of reads) assert.match(await handlerFor('refuse', [k8s])(text), /do not know you/, text);
  });

  it('is nobody who is listed', async () => {
    assert.equal(await handlerFor('refuse')('/incident ack abcd', 'U1'), 'done');
    assert.deepEqual(await log.readStream('people/unknown'), []);
  });
});
