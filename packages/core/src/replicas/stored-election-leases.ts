import { inject, injectable } from '../di/inject.js';
import type { ElectionLeases } from '../ports/election-leases.js';
import { LeaseStore } from '../ports/lease-store.js';
import type { Lease, LeaseRequest } from '../ports/lease-store.js';

/** Elects with the leases of the shared store. */
@injectable()
export class StoredElectionLeases implements ElectionLeases {
  constructor(@inject(LeaseStore) private readonly store: LeaseStore) {}

  acquire(request: LeaseRequest): Promise<Lease | null> {
    return this.store.acquire(request);
  }

  renew(lease: Lease, ttlMs: number): Promise<boolean> {
    return this.store.renew(lease, ttlMs);
  }

  release(lease: Lease): Promise<void> {
    return this.store.release(lease);
  }

  find(name: string): Promise<Lease | null> {
    return this.store.find(name);
  }
}
