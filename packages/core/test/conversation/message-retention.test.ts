import assert from 'node:assert/strict';
import { conversationConfig, conversationKey, MemoryConversationStore, MessageRetention } from '@dogwatch/core';
import { ManualClock, RecordingLogger } from '@dogwatch/testkit';

const destination = { channelType: 'web', room: 'console' };
const dayMs = 86_400_000;

describe('MessageRetention', () => {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  let store: MemoryConversationStore;
  let retention: MessageRetention;
  const kept = async (): Promise<number> =>
    (await store.lastMessages({ conversation: conversationKey(destination), limit: 500 })).length;

  beforeEach(async () => {
    store = new MemoryConversationStore();
    const config = await conversationConfig['~standard'].validate({ retentionDays: 2 });
    if (config.issues !== undefined) throw new Error('The settings are invalid.');
    retention = new MessageRetention(store, config.value, clock, logger);
    for (let n = 0; n < 3; n++) {
      const at = new Date(clock.now() - n * dayMs).toISOString();
      const actor = { channelType: 'web', userId: 'anna' };
      await store.append({ destination, role: 'user', actor, text: `m${n}`, at, externalId: null, metadata: {} });
    }
  });
  afterEach(async () => {
    retention.close();
    await retention.stop();
  });

  it('deletes messages when they are older than configured, and not before', async () => {
    retention.open();
    await clock.flush();
    assert.equal(await kept(), 3);
    await clock.advance(3_600_000);
    assert.equal(await kept(), 2);
    await clock.advance(2 * dayMs);
    assert.equal(await kept(), 0);
  });

  it('tries again when the store was away', async () => {
    const deleteMessagesBefore = store.deleteMessagesBefore.bind(store);
    store.deleteMessagesBefore = () => Promise.reject(new Error('away'));
    retention.open();
    await clock.advance(3_600_000);
    assert.equal(await kept(), 3);
    store.deleteMessagesBefore = deleteMessagesBefore;
    await clock.advance(3_600_000);
    assert.equal(await kept(), 2);
  });
});
