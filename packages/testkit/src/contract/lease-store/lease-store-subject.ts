import type { LeaseStore } from '@dogwatch/core';

/** What the contract of `LeaseStore` is run on. */
export interface LeaseStoreSubject {
  /** A store without leases. */
  readonly store: LeaseStore;
  /** Another process's store on the same leases; needed for the capability `shared`. */
  readonly other?: LeaseStore;
  /** Lets the store's clock go on, as the leases see it; a store may move their ends instead of its clock. */
  pass(ms: number): Promise<void> | void;
  /** Closes the store and opens the same data again; needed for the capability `reopen`. */
  readonly reopen?: () => Promise<LeaseStore>;
}
