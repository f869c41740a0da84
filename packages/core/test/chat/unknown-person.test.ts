import assert from 'node:assert/strict';
import { KeywordMessageHandler, MemoryIncidentLog, MemoryTopicMemory, UnknownPersonIntent } from '@dogwatch/core';
import { CommandIntent, formatPlainText, plainMessage } from '@dogwatch/core';
import type { ChatCommand } from '@dogwatch/core';
import { ManualClock, RecordingLogger, RecordingMetrics } from '@dogwatch/testkit';

const people = [{ id: 'anna', name: 'Anna Berg', identities: ['slack:U1'], roles: [] }];

describe('somebody who is not listed', () => {
  const clock = new ManualClock();
  let log: MemoryIncidentLog;
  let ran: string[];

  beforeEach(() => {
    log = new MemoryIncidentLog();
    ran = [];
  });

  function handlerFor(unknownPeople: 'refuse' | 'read'): (text: string, userId?: string) => Promise<string> {
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
      new CommandIntent([command]),
      new UnknownPersonIntent([{ people }], [command], { unknownPeople }, log, clock),
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
    assert.deepEqual(ran, ['list']);
  });

  it('is nobody who is listed', async () => {
    assert.equal(await handlerFor('refuse')('/incident ack abcd', 'U1'), 'done');
    assert.deepEqual(await log.readStream('people/unknown'), []);
  });
});
