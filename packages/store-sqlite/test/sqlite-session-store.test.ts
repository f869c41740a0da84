import assert from 'node:assert/strict';
import { SqliteSessionStore } from '@dogwatch/store-sqlite';
import { ManualClock, runContract, sessionStoreContract } from '@dogwatch/testkit';
import type { ContractHarness, SessionStoreSubject } from '@dogwatch/testkit';
import { openStore, type OpenStore } from './open-store.js';

interface StoreSubject extends SessionStoreSubject {
  readonly opened: OpenStore;
}

const harness: ContractHarness<StoreSubject> = {
  capabilities: ['reopen'],
  create() {
    const opened = openStore();
    const clock = new ManualClock();
    const reopen = async (): Promise<SqliteSessionStore> => {
      opened.file.close();
      opened.file.open();
      return new SqliteSessionStore(opened.file, clock);
    };
    return {
      opened,
      store: new SqliteSessionStore(opened.file, clock),
      passTime: (ms) => clock.advance(ms),
      reopen,
    };
  },
  destroy: ({ opened }) => opened.remove(),
};

runContract(sessionStoreContract, 'SqliteSessionStore', { harness });

describe('SqliteSessionStore', () => {
  it('leaves nothing of expired sessions in the file once others are put', async () => {
    const opened = openStore();
    const clock = new ManualClock();
    const store = new SqliteSessionStore(opened.file, clock);
    const session = { activeChannel: { channelType: 'web', room: 'console' }, model: null, pending: null };
    const actor = { channelType: 'web', userId: 'anna' };
    for (const conversation of ['a', 'b']) await store.put({ actor, conversation }, session, 1_000);
    await clock.advance(1_000);
    await store.put({ actor, conversation: 'c' }, session, 1_000);
    assert.equal(opened.file.connection.get('SELECT count(*) AS n FROM sessions')?.['n'], 1);
    opened.remove();
  });
});
