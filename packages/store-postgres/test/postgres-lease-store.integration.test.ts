import assert from 'node:assert/strict';
import { PostgresLeaseStore } from '@dogwatch/store-postgres';
import { leaseStoreContract, needsPostgres, runContract, type LeaseStoreSubject } from '@dogwatch/testkit';
import { fileServer, openStoreAt, type OpenStore } from './open-store.js';

interface StoreSubject extends LeaseStoreSubject {
  readonly opened: readonly OpenStore[];
}

// The database's clock cannot be moved, but the ends of the leases can.
async function passTime({ database }: OpenStore, ms: number): Promise<void> {
  const text = "UPDATE leases SET expires_at = expires_at - $1::integer * interval '1 millisecond'";
  await database.rows({ text, values: [ms] });
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
            pass: (ms) => passTime(one, ms),
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

    it('keeps nothing of leases that ran out long ago, once others are taken', async () => {
      const opened = await server.open();
      const store = new PostgresLeaseStore(opened.database);
      const names = async (): Promise<readonly unknown[]> =>
        (await opened.database.rows({ text: 'SELECT name FROM leases ORDER BY name' })).map((row) => row['name']);
      const take = (name: string) => store.acquire({ name, holder: 'one', ttlMs: 60_000 });
      await take('run/one');
      await passTime(opened, 3_600_000);
      await take('run/two');
      assert.deepEqual(await names(), ['run/one', 'run/two']);
      await passTime(opened, 86_400_000);
      await take('run/three');
      assert.deepEqual(await names(), ['run/three', 'run/two']);
      await opened.database.close();
    });

    it('goes on from the token of a lease that an older version gave', async () => {
      const opened = await server.open();
      const store = new PostgresLeaseStore(opened.database);
      const old = Number.MAX_SAFE_INTEGER - 5;
      await opened.database.rows({
        text: "INSERT INTO leases VALUES ('watch/a', 'one', 7, now()), ('watch/b', 'one', $1, now())",
        values: [old],
      });
      const take = (name: string) => store.acquire({ name, holder: 'two', ttlMs: 60_000 });
      assert.ok(((await take('watch/a'))?.token ?? 0) > 7);
      assert.equal((await take('watch/b'))?.token, old + 1);
      await opened.database.close();
    });
  });
});
