import assert from 'node:assert/strict';
import { SqliteLeaseStore } from '@dogwatch/store-sqlite';
import { leaseStoreContract, ManualClock, runContract, type LeaseStoreSubject } from '@dogwatch/testkit';
import { openStore, type OpenStore } from './open-store.js';
import { withCode } from './throws-code.js';

interface StoreSubject extends LeaseStoreSubject {
  readonly opened: OpenStore;
}

runContract(leaseStoreContract, 'SqliteLeaseStore', {
  harness: {
    capabilities: ['shared', 'reopen'],
    create(): StoreSubject {
      const opened = openStore();
      const clock = new ManualClock();
      const store = new SqliteLeaseStore(opened.file, clock);
      const reopen = async (): Promise<LeaseStoreSubject['store']> => {
        opened.file.close();
        opened.file.open();
        return store;
      };
      const other = new SqliteLeaseStore(opened.file, clock);
      return { opened, store, other, pass: (ms) => clock.advance(ms), reopen };
    },
    destroy: ({ opened }: StoreSubject) => opened.remove(),
  },
});

describe('SqliteLeaseStore', () => {
  let opened: OpenStore;
  let store: SqliteLeaseStore;
  let clock: ManualClock;
  const request = { name: 'watch/homelab', holder: 'one', ttlMs: 60_000 };
  beforeEach(() => {
    opened = openStore();
    clock = new ManualClock();
    store = new SqliteLeaseStore(opened.file, clock);
  });
  afterEach(() => opened.remove());

  it('does not wait for the leases of a process that is gone', async () => {
    const first = await store.acquire(request);
    opened.file.close();
    opened.file.open();
    assert.equal(await store.find(request.name), null);
    const second = await store.acquire({ ...request, holder: 'two' });
    assert.ok((second?.token ?? 0) > (first?.token ?? 0));
  });

  it('keeps nothing of leases that ran out long ago, once others are taken', async () => {
    const names = (): readonly unknown[] =>
      opened.file.connection.all('SELECT name FROM leases').map((row) => row['name']);
    await store.acquire({ ...request, name: 'run/one' });
    await clock.advance(3_600_000);
    await store.acquire({ ...request, name: 'run/two' });
    assert.deepEqual(names(), ['run/one', 'run/two']);
    await clock.advance(86_400_000);
    await store.acquire({ ...request, name: 'run/three' });
    assert.deepEqual(names(), ['run/three', 'run/two']);
  });

  it('says that leases are unavailable while the file is closed', async () => {
    const lease = (await store.acquire(request)) ?? { ...request, token: 0 };
    opened.file.close();
    await assert.rejects(store.acquire(request), withCode('DW_LEASE_UNAVAILABLE', /not open/));
    await assert.rejects(store.renew(lease, 1), withCode('DW_LEASE_UNAVAILABLE'));
    await assert.rejects(store.release(lease), withCode('DW_LEASE_UNAVAILABLE'));
    await assert.rejects(store.find(request.name), withCode('DW_LEASE_UNAVAILABLE'));
  });
});
