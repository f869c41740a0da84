import assert from 'node:assert/strict';
import { isAppError, type Lease, type LeaseRequest, type LeaseStore } from '@dogwatch/core';
import type { ContractCase, ContractSuite } from '../contract-suite.js';
import type { LeaseStoreSubject } from './lease-store-subject.js';

// Long, so that the time that a test takes by a real clock does not matter.
const minute = 60_000;
const days = (count: number): number => count * 24 * 60 * minute;
const name = 'watch/homelab';

function ask(holder: string, overrides: Partial<LeaseRequest> = {}): LeaseRequest {
  return { name, holder, ttlMs: 10 * minute, ...overrides };
}

async function taken(store: LeaseStore, holder: string, overrides: Partial<LeaseRequest> = {}): Promise<Lease> {
  const lease = await store.acquire(ask(holder, overrides));
  assert.ok(lease !== null, `'${holder}' did not get the lease`);
  return lease;
}

async function assertRefused(attempt: () => Promise<unknown>): Promise<void> {
  await assert.rejects(
    async () => attempt(),
    (error: unknown) => isAppError(error) && error.code === 'DW_LEASE_INPUT_INVALID',
  );
}

const takingCases: readonly ContractCase<LeaseStoreSubject>[] = [
  {
    name: 'gives a free lease to the one who asks, and names it, its holder and a token from 1 up',
    async run({ store }) {
      const lease = await taken(store, 'one');
      assert.deepEqual({ name: lease.name, holder: lease.holder }, { name, holder: 'one' });
      assert.ok(Number.isSafeInteger(lease.token) && lease.token >= 1);
    },
  },
  {
    name: 'gives it to nobody else until it has run out, and then with a greater token',
    async run({ store, pass }) {
      const first = await taken(store, 'one');
      await pass(9 * minute);
      assert.equal(await store.acquire(ask('two')), null);
      await pass(minute);
      const second = await taken(store, 'two');
      assert.ok(second.token > first.token);
      assert.equal(await store.acquire(ask('one')), null);
    },
  },
  {
    name: 'prolongs the lease of its holder who asks again, with the same token',
    async run({ store, pass }) {
      const lease = await taken(store, 'one');
      await pass(6 * minute);
      assert.deepEqual(await taken(store, 'one'), lease);
      await pass(6 * minute);
      assert.equal(await store.acquire(ask('two')), null);
      await pass(5 * minute);
      assert.notEqual(await store.acquire(ask('two')), null);
    },
  },
  {
    name: 'gives a greater token to the same holder too when the lease had run out',
    async run({ store, pass }) {
      const first = await taken(store, 'one');
      await pass(11 * minute);
      assert.ok((await taken(store, 'one')).token > first.token);
    },
  },
  {
    name: 'lends leases of other names apart from each other, however alike',
    async run({ store }) {
      await taken(store, 'one');
      await taken(store, 'two', { name: 'watch/Homelab' });
      await taken(store, 'three', { name: 'watch' });
      assert.equal((await store.find(name))?.holder, 'one');
      assert.equal((await store.find('watch/Homelab'))?.holder, 'two');
    },
  },
  {
    name: 'lets exactly one of 40 win who ask at once',
    async run({ store, other = store }) {
      const asking = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? store : other).acquire(ask(`holder-${n}`)));
      const won = (await Promise.all(asking)).filter((lease) => lease !== null);
      assert.equal(won.length, 1);
      assert.deepEqual(await store.find(name), won[0]);
    },
  },
  {
    name: 'keeps what one process holds from another, and shows it to it',
    needs: 'shared',
    async run({ store, other }) {
      assert.ok(other, "a harness with the capability 'shared' must give a subject with other");
      const lease = await taken(store, 'one');
      assert.equal(await other.acquire(ask('two')), null);
      assert.deepEqual(await other.find(name), lease);
      await store.release(lease);
      assert.ok((await taken(other, 'two')).token > lease.token);
    },
  },
  {
    name: 'gives a greater token also when the lease ran out so long ago that a store may have forgotten it',
    async run({ store, pass }) {
      const first = await taken(store, 'one');
      await pass(days(3));
      await taken(store, 'two', { name: 'watch/other' });
      await pass(days(3));
      assert.ok((await taken(store, 'two')).token > first.token);
    },
  },
  {
    name: 'gives no token a second time after it was opened again',
    needs: 'reopen',
    async run({ store, pass, reopen }) {
      assert.ok(reopen, "a harness with the capability 'reopen' must give a subject with reopen()");
      const first = await taken(store, 'one');
      const again = await reopen();
      await pass(11 * minute);
      assert.ok((await taken(again, 'two')).token > first.token);
    },
  },
];

const keepingCases: readonly ContractCase<LeaseStoreSubject>[] = [
  {
    name: 'renews a lease from now on, for its holder',
    async run({ store, pass }) {
      const lease = await taken(store, 'one');
      await pass(6 * minute);
      assert.equal(await store.renew(lease, 10 * minute), true);
      await pass(6 * minute);
      assert.equal(await store.acquire(ask('two')), null);
      await pass(5 * minute);
      assert.equal((await store.find(name)) ?? null, null);
    },
  },
  {
    name: 'does not renew what has run out, also where nobody has taken it',
    async run({ store, pass }) {
      const lease = await taken(store, 'one');
      await pass(11 * minute);
      assert.equal(await store.renew(lease, minute), false);
      assert.equal(await store.find(name), null);
    },
  },
  {
    name: 'does not renew the lease of another holder, of an old token, or that never was',
    async run({ store, pass }) {
      const old = await taken(store, 'one');
      await pass(11 * minute);
      const lease = await taken(store, 'one');
      assert.equal(await store.renew(old, minute), false);
      assert.equal(await store.renew({ ...lease, holder: 'two' }, minute), false);
      assert.equal(await store.renew({ ...lease, name: 'watch/other' }, minute), false);
      assert.equal(await store.renew(lease, minute), true);
    },
  },
  {
    name: 'gives a released lease to the next at once, with a greater token',
    async run({ store }) {
      const lease = await taken(store, 'one');
      await store.release(lease);
      assert.equal(await store.find(name), null);
      assert.equal(await store.renew(lease, minute), false);
      await store.release(lease);
      assert.ok((await taken(store, 'two')).token > lease.token);
    },
  },
  {
    name: 'releases nothing for anybody but its holder, nor for an old token',
    async run({ store, pass }) {
      const old = await taken(store, 'one');
      await pass(11 * minute);
      const lease = await taken(store, 'one');
      await store.release(old);
      await store.release({ ...lease, holder: 'two' });
      await store.release({ ...lease, name: 'watch/other' });
      assert.deepEqual(await store.find(name), lease);
    },
  },
  {
    name: 'tells who has a lease, and nobody when it never was or has run out',
    async run({ store, pass }) {
      assert.equal(await store.find(name), null);
      const lease = await taken(store, 'one');
      assert.deepEqual(await store.find(name), lease);
      await pass(11 * minute);
      assert.equal(await store.find(name), null);
      for (const odd of ['', 'a\u0000', '\ud800', "' OR 1=1 --", 'x'.repeat(10_000)]) {
        assert.equal(await store.find(odd), null);
      }
    },
  },
  {
    name: 'refuses names, holders and times that are malformed',
    async run({ store }) {
      for (const odd of ['', ' ', 'a\u0000', '-a', 'x'.repeat(201)]) {
        await assertRefused(() => store.acquire(ask('one', { name: odd })));
        await assertRefused(() => store.acquire(ask(odd)));
      }
      const lease = await taken(store, 'one');
      for (const ttlMs of [0, -1, 1.5, Number.NaN, Infinity, 3_600_001]) {
        await assertRefused(() => store.acquire(ask('one', { ttlMs })));
        await assertRefused(() => store.renew(lease, ttlMs));
      }
      assert.deepEqual(await store.find(name), lease);
    },
  },
];

/** Every promise of `LeaseStore`. Capabilities: `shared` (between processes) and `reopen` (leases outlive the store object). */
export const leaseStoreContract: ContractSuite<LeaseStoreSubject> = {
  name: 'LeaseStore',
  cases: [...takingCases, ...keepingCases],
};
