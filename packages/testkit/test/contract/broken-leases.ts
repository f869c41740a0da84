import { MemoryLeaseStore } from '@dogwatch/core';
import type { Lease, LeaseRequest } from '@dogwatch/core';

/** Lends to everybody. */
export class LentToAll extends MemoryLeaseStore {
  override async acquire(request: LeaseRequest): Promise<Lease | null> {
    return (await super.acquire(request)) ?? { name: request.name, holder: request.holder, token: 2 };
  }
}

/** Lends to nobody. */
export class LentToNone extends MemoryLeaseStore {
  override async acquire(): Promise<Lease | null> {
    return null;
  }
}

/** Lends the first one for ever. */
export class LentForEver extends MemoryLeaseStore {
  private readonly lent = new Map<string, Lease>();

  override async acquire(request: LeaseRequest): Promise<Lease | null> {
    const lent = this.lent.get(request.name);
    if (lent !== undefined) return lent.holder === request.holder ? lent : null;
    const lease = await super.acquire(request);
    if (lease !== null) this.lent.set(request.name, lease);
    return lease;
  }
}

/** Gives every lease the same token. */
export class OneToken extends MemoryLeaseStore {
  override async acquire(request: LeaseRequest): Promise<Lease | null> {
    const lease = await super.acquire(request);
    return lease && { ...lease, token: 1 };
  }
}

/** Counts its tokens from 1, and forgets the counts of leases that have run out when another one is taken. */
export class ForgottenTokens extends MemoryLeaseStore {
  private readonly counts = new Map<string, { readonly raw: number; readonly token: number }>();

  override async acquire(request: LeaseRequest): Promise<Lease | null> {
    const lease = await super.acquire(request);
    if (lease === null) return null;
    for (const name of [...this.counts.keys()]) {
      if (name !== request.name && (await super.find(name)) === null) this.counts.delete(name);
    }
    const last = this.counts.get(request.name) ?? { raw: 0, token: 0 };
    const token = last.raw === lease.token ? last.token : last.token + 1;
    this.counts.set(request.name, { raw: lease.token, token });
    return { ...lease, token };
  }
}

/** Prolongs nothing for the holder who asks again. */
export class NeverProlonged extends MemoryLeaseStore {
  override async acquire(request: LeaseRequest): Promise<Lease | null> {
    const found = await super.find(request.name);
    return found?.holder === request.holder ? found : super.acquire(request);
  }
}

/** Takes names with other capitals for one. */
export class AlikeNames extends MemoryLeaseStore {
  override acquire(request: LeaseRequest): Promise<Lease | null> {
    return super.acquire({ ...request, name: request.name.toLowerCase() });
  }
}

/** Says that it has renewed, and does not. */
export class EmptyRenewals extends MemoryLeaseStore {
  override async renew(): Promise<boolean> {
    return true;
  }
}

/** Renews for whoever asks, whatever the token. */
export class RenewedForAll extends MemoryLeaseStore {
  override async renew(lease: Lease, ttlMs: number): Promise<boolean> {
    const found = await super.find(lease.name);
    return found === null ? false : super.renew(found, ttlMs);
  }
}

/** Releases for whoever asks, whatever the token. */
export class ReleasedForAll extends MemoryLeaseStore {
  override async release(lease: Lease): Promise<void> {
    const found = await super.find(lease.name);
    if (found !== null) await super.release(found);
  }
}

/** Releases nothing. */
export class NeverReleased extends MemoryLeaseStore {
  override async release(): Promise<void> {}
}

/** Names holders whose lease is over. */
export class StaleFinds extends MemoryLeaseStore {
  private readonly seen = new Map<string, Lease>();

  override async find(name: string): Promise<Lease | null> {
    const found = (await super.find(name)) ?? this.seen.get(name) ?? null;
    if (found !== null) this.seen.set(name, found);
    return found;
  }
}

/** Takes anything. */
export class AnyLease extends MemoryLeaseStore {
  override acquire(request: LeaseRequest): Promise<Lease | null> {
    return super.acquire({ name: 'a', holder: 'a', ttlMs: Math.min(1_000, request.ttlMs) || 1 });
  }
}
