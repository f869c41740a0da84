import { PostgresLeaseStore } from '@dogwatch/store-postgres';
import { leaseStoreContract, needsPostgres, runContract, type LeaseStoreSubject } from '@dogwatch/testkit';
import { fileServer, openStoreAt, type OpenStore } from './open-store.js';

interface StoreSubject extends LeaseStoreSubject {
  readonly opened: readonly OpenStore[];
}

needsPostgres(process, (program) => {
  describe('PostgresLeaseStore on a server', () => {
    const server = fileServer(program);
    before(server.start);
    after(server.remove);

    runContract(leaseStoreContract, 'PostgresLeaseStore', {
      harness: {
        capabilities: ['shared', 'reopen'],
        async create(): Promise<StoreSubject> {
          const one = await server.open();
          const two = await openStoreAt(one.url);
          const store = new PostgresLeaseStore(one.database);
          return {
            opened: [one, two],
            store,
            other: new PostgresLeaseStore(two.database),
            async pass(ms) {
              // The database's clock cannot be moved, but the ends of the leases can.
              await one.database.rows({
                text: "UPDATE leases SET expires_at = expires_at - $1::integer * interval '1 millisecond'",
                values: [ms],
              });
            },
            async reopen() {
              await one.database.close();
              await one.database.open();
              return store;
            },
          };
        },
        async destroy({ opened }: StoreSubject) {
          for (const store of opened) await store.database.close();
        },
      },
    });
  });
});
