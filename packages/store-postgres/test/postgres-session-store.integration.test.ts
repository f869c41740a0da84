import assert from 'node:assert/strict';
import { PostgresSessionStore } from '@dogwatch/store-postgres';
import { needsPostgres, runContract, sessionStoreContract, type SessionStoreSubject } from '@dogwatch/testkit';
import { fileServer, type OpenStore } from './open-store.js';

interface StoreSubject extends SessionStoreSubject {
  readonly opened: OpenStore;
}

// The database's clock cannot be moved, but the ends of the sessions can.
async function passTime({ database }: OpenStore, ms: number): Promise<void> {
  const text = "UPDATE sessions SET expires_at = expires_at - $1::bigint * interval '1 millisecond'";
  await database.rows({ text, values: [ms] });
}

needsPostgres(process, (program) => {
  describe('PostgresSessionStore on a server', () => {
    const server = fileServer(program);
    before(server.start);
    after(server.remove);

    runContract(sessionStoreContract, 'PostgresSessionStore', {
      harness: {
        capabilities: ['reopen'],
        async create(): Promise<StoreSubject> {
          const opened = await server.open();
          const store = new PostgresSessionStore(opened.database);
          const reopen = async (): Promise<PostgresSessionStore> => {
            await opened.database.close();
            await opened.database.open();
            return store;
          };
          return { opened, store, passTime: (ms) => passTime(opened, ms), reopen };
        },
        destroy: ({ opened }: StoreSubject) => opened.database.close(),
      },
    });

    it('leaves nothing of expired sessions once others are put', async () => {
      const opened = await server.open();
      const store = new PostgresSessionStore(opened.database);
      const session = { activeChannel: { channelType: 'web', room: 'console' }, model: null, pending: null };
      const actor = { channelType: 'web', userId: 'anna' };
      for (const conversation of ['a', 'b']) await store.put({ actor, conversation }, session, 1_000);
      await passTime(opened, 1_000);
      await store.put({ actor, conversation: 'c' }, session, 1_000);
      const [row] = await opened.database.rows({ text: 'SELECT count(*)::integer AS n FROM sessions' });
      assert.equal(row?.['n'], 1);
      await opened.database.close();
    });
  });
});
