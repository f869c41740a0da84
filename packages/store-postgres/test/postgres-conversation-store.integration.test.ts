import assert from 'node:assert/strict';
import { PostgresConversationStore } from '@dogwatch/store-postgres';
import {
  conversationStoreContract,
  needsPostgres,
  runContract,
  type ConversationStoreSubject,
} from '@dogwatch/testkit';
import { fileServer, openStoreAt, type OpenStore } from './open-store.js';

interface StoreSubject extends ConversationStoreSubject {
  readonly opened: OpenStore;
}

needsPostgres(process, (program) => {
  describe('PostgresConversationStore on a server', () => {
    const server = fileServer(program);
    before(server.start);
    after(server.remove);

    runContract(conversationStoreContract, 'PostgresConversationStore', {
      harness: {
        capabilities: ['reopen'],
        async create(): Promise<StoreSubject> {
          const opened = await server.open();
          const store = new PostgresConversationStore(opened.database);
          const reopen = async (): Promise<PostgresConversationStore> => {
            await opened.database.close();
            await opened.database.open();
            return store;
          };
          return { opened, store, reopen };
        },
        destroy: ({ opened }: StoreSubject) => opened.database.close(),
      },
    });

    it('keeps a message once that twenty deliveries over two replicas bring at the same time', async () => {
      const one = await server.open();
      const two = await openStoreAt(one.url);
      const stores = [new PostgresConversationStore(one.database), new PostgresConversationStore(two.database)];
      const message = {
        destination: { channelType: 'slack', room: 'C1' },
        role: 'user' as const,
        actor: { channelType: 'slack', userId: 'U1' },
        text: 'which pods fail?',
        at: '2026-01-01T00:00:00.000Z',
        externalId: 'Ev1',
        metadata: { nested: { list: [1, 'two', null] } },
      };
      const kept = await Promise.all(
        Array.from({ length: 20 }, (_, index) => stores[index % 2]?.append({ ...message, text: `take ${index}` })),
      );
      assert.equal(new Set(kept.map((one) => one?.sequence)).size, 1);
      const [first, ...rest] =
        (await stores[0]?.lastMessages({ conversation: String(kept[0]?.conversation), limit: 10 })) ?? [];
      assert.deepEqual(rest, []);
      assert.deepEqual(first, kept[0]);
      for (const { database } of [one, two]) await database.close();
    });
  });
});
