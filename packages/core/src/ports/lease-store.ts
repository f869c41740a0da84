import { definePort } from '../di/define-port.js';

/** A named right that one holder has for a while. */
export interface Lease {
  readonly name: string;
  /** Who has it: unique per process and purpose. */
  readonly holder: string;
  /**
   * Grows by at least one each time the lease is taken, for ever, also by the same holder after it ran out: lets late
   * writes of an old holder be told apart.
   */
  readonly token: number;
}

/** What is asked for. */
export interface LeaseRequest {
  /** Log-name characters: `watch/homelab`. */
  readonly name: string;
  /** Log-name characters, unique per process and purpose: `host-1/4711/watch`. */
  readonly holder: string;
  /** Milliseconds, 1 to 3,600,000, by the store's own clock: when not renewed for so long, anybody may take it. */
  readonly ttlMs: number;
}

/**
 * Gives named leases across replicas. An efficiency, never a truth: a holder that was stopped for long may believe in a
 * lease that is gone, so what it writes must be guarded by the log's expected versions all the same.
 *
 * Infrastructure failures throw `DW_LEASE_UNAVAILABLE` (retryable), after which the lease may or may not have been taken;
 * malformed names, holders and times throw `DW_LEASE_INPUT_INVALID`.
 */
export interface LeaseStore {
  /** Takes a free or run-out lease, or renews the holder's own (same token); `null` while somebody else has it. */
  acquire(request: LeaseRequest): Promise<Lease | null>;
  /** Prolongs it; `false` when it is no longer this holder's with this token. */
  renew(lease: Lease, ttlMs: number): Promise<boolean>;
  /** Gives it back at once; nothing happens when it is no longer this holder's. */
  release(lease: Lease): Promise<void>;
  /** Who has it now, or `null`. */
  find(name: string): Promise<Lease | null>;
}

/** Gives named leases across replicas. */
export const LeaseStore = definePort<LeaseStore>('core.LeaseStore');
