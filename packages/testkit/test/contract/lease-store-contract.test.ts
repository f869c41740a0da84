import { MemoryLeaseStore } from '@dogwatch/core';
import type { Clock, LeaseStore } from '@dogwatch/core';
import {
  leaseStoreContract,
  ManualClock,
  proveCasesCanFail,
  runContract,
  type BrokenImplementation,
  type ContractHarness,
  type LeaseStoreSubject,
} from '@dogwatch/testkit';
import * as broken from './broken-leases.js';

type StoreClass = new (clock: Clock) => LeaseStore;

function harness(Store: StoreClass): ContractHarness<LeaseStoreSubject> {
  return {
    create() {
      const clock = new ManualClock();
      return { store: new Store(clock), pass: (ms) => clock.advance(ms) };
    },
  };
}

function wrong(name: string, Store: StoreClass, fails: readonly string[]): BrokenImplementation<LeaseStoreSubject> {
  return { name, harness: harness(Store), fails };
}

/** Two stores that know nothing of each other, and forget everything when they are closed. */
const apart: ContractHarness<LeaseStoreSubject> = {
  capabilities: ['shared', 'reopen'],
  create() {
    const clock = new ManualClock();
    const [store, other] = [new broken.ForgottenTokens(clock), new broken.ForgottenTokens(clock)];
    return { store, other, pass: (ms) => clock.advance(ms), reopen: async () => new broken.ForgottenTokens(clock) };
  },
};

runContract(leaseStoreContract, 'MemoryLeaseStore', { harness: harness(MemoryLeaseStore) });

const first = 'gives a free lease to the one who asks, and names it, its holder and a token from 1 up';
const others = 'gives it to nobody else until it has run out, and then with a greater token';
const atOnce = 'lets exactly one of 40 win who ask at once';
const prolonged = 'prolongs the lease of its holder who asks again, with the same token';
const released = 'gives a released lease to the next at once, with a greater token';

proveCasesCanFail(leaseStoreContract, [
  wrong('lends to everybody', broken.LentToAll, [others, atOnce, prolonged]),
  wrong('lends to nobody', broken.LentToNone, [first]),
  wrong('lends for ever', broken.LentForEver, [others, released]),
  wrong('gives every lease one token', broken.OneToken, [
    others,
    released,
    'gives a greater token to the same holder too when the lease had run out',
  ]),
  wrong('forgets tokens', broken.ForgottenTokens, [
    'gives a greater token also when the lease ran out so long ago that a store may have forgotten it',
  ]),
  wrong('does not prolong', broken.NeverProlonged, [prolonged]),
  wrong('takes like names for one', broken.AlikeNames, [
    'lends leases of other names apart from each other, however alike',
  ]),
  wrong('renews only in words', broken.EmptyRenewals, [
    'renews a lease from now on, for its holder',
    'does not renew what has run out, also where nobody has taken it',
  ]),
  wrong('renews for whoever asks', broken.RenewedForAll, [
    'does not renew the lease of another holder, of an old token, or that never was',
  ]),
  wrong('releases for whoever asks', broken.ReleasedForAll, [
    'releases nothing for anybody but its holder, nor for an old token',
  ]),
  wrong('releases nothing', broken.NeverReleased, [released]),
  wrong('names those who were holders', broken.StaleFinds, [
    'tells who has a lease, and nobody when it never was or has run out',
  ]),
  wrong('takes anything', broken.AnyLease, ['refuses names, holders and times that are malformed']),
  {
    name: 'shares nothing and keeps nothing',
    harness: apart,
    fails: [
      atOnce,
      'keeps what one process holds from another, and shows it to it',
      'gives no token a second time after it was opened again',
    ],
  },
]);
