import { inject, injectable } from '../di/inject.js';
import { Clock } from '../ports/clock.js';
import type { Lease, LeaseRequest, LeaseStore } from '../ports/lease-store.js';
import { checkLeaseRequest, checkLeaseTtl } from './check-lease.js';
import { FORGET_LEASE_AFTER_MS, isStillHeld, takeLease, type HeldLease } from './held-lease.js';

/** A `LeaseStore` for one process: it knows of no other. */
@injectable()
export class MemoryLeaseStore implements LeaseStore {
  private readonly kept = new Map<string, HeldLease>();

  constructor(@inject(Clock) private readonly clock: Clock) {}

  async acquire(request: LeaseRequest): Promise<Lease | null> {
    checkLeaseRequest(request);
    const taken = takeLease(this.kept.get(request.name) ?? null, request, this.clock.now());
    if (taken === null) return null;
    this.forget();
    this.kept.set(request.name, taken);
    const { name, holder, token } = taken;
    return { name, holder, token };
  }

  async renew(lease: Lease, ttlMs: number): Promise<boolean> {
    checkLeaseTtl(ttlMs);
    return this.prolong(lease, ttlMs);
  }

  async release(lease: Lease): Promise<void> {
    this.prolong(lease, 0);
  }

  async find(name: string): Promise<Lease | null> {
    const kept = this.kept.get(name);
    if (kept === undefined || kept.expiresAtMs <= this.clock.now()) return null;
    return { name, holder: kept.holder, token: kept.token };
  }

  private forget(): void {
    const until = this.clock.now() - FORGET_LEASE_AFTER_MS;
    for (const [name, { expiresAtMs }] of this.kept) if (expiresAtMs <= until) this.kept.delete(name);
  }

  private prolong(lease: Lease, ttlMs: number): boolean {
    const now = this.clock.now();
    const kept = this.kept.get(lease.name) ?? null;
    if (!isStillHeld(kept, lease, now)) return false;
    this.kept.set(lease.name, { ...kept, expiresAtMs: now + ttlMs });
    return true;
  }
}
