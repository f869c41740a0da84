import assert from 'node:assert/strict';
import { AppError, conversationConfig, loadConfig, MemorySessionStore, StoredSessionManager } from '@dogwatch/core';
import type { SessionStore } from '@dogwatch/core';
import { ManualClock, RecordingLogger } from '@dogwatch/testkit';

const place = {
  actor: { channelType: 'slack', userId: 'anna' },
  destination: { channelType: 'slack', room: 'C1' },
};

describe('StoredSessionManager', () => {
  let away: Error | null;
  let logger: RecordingLogger;
  let manager: StoredSessionManager;

  beforeEach(async () => {
    away = null;
    logger = new RecordingLogger();
    const memory = new MemorySessionStore(new ManualClock());
    const sometimes = <T>(answer: () => Promise<T>): Promise<T> => (away === null ? answer() : Promise.reject(away));
    const store: SessionStore = {
      get: (key) => sometimes(() => memory.get(key)),
      put: (key, session, ttlMs) => sometimes(() => memory.put(key, session, ttlMs)),
      touch: (key, ttlMs) => sometimes(() => memory.touch(key, ttlMs)),
      delete: (key) => sometimes(() => memory.delete(key)),
    };
    const { conversation } = await loadConfig(null, { conversation: conversationConfig }, {});
    manager = new StoredSessionManager(store, conversation, logger);
  });

  it('reads an empty session while the store is away, tells the log once, and what it held when it is back', async () => {
    await manager.change(place, { model: 'large-1' });
    away = new AppError('DW_SESSION_STORE_UNAVAILABLE', 'away', { isRetryable: true });
    for (let times = 0; times < 3; times++) assert.equal((await manager.read(place)).model, null);
    assert.equal(logger.linesOf('session_store_lost').length, 1);
    away = null;
    assert.equal((await manager.read(place)).model, 'large-1');
    assert.equal(logger.linesOf('session_store_back').length, 1);
  });

  it('says so when a change cannot be kept', async () => {
    away = new AppError('DW_SESSION_STORE_UNAVAILABLE', 'away', { isRetryable: true });
    await assert.rejects(manager.change(place, { model: 'large-1' }), { code: 'DW_SESSION_STORE_UNAVAILABLE' });
  });

  it('hides no bug', async () => {
    away = new TypeError('a bug');
    await assert.rejects(manager.read(place), /a bug/);
  });
});
