import type { Lease, LeaseRequest } from '../ports/lease-store.js';

/**
 * So long a store keeps a lease that has run out, for its token. Tokens are never below the store's clock in microseconds, so that
 * they grow also where the last one is forgotten; this is for a clock that is set back.
 */
export const FORGET_LEASE_AFTER_MS = 86_400_000;

/** A lease as a store keeps it: its token outlives it for a day. */
export interface HeldLease extends Lease {
  /** Milliseconds since the epoch by the store's clock; from then on anybody may take it. */
  readonly expiresAtMs: number;
}

/** What a request makes of what is kept; `null` when somebody else has it. For implementers of `LeaseStore`. */
export function takeLease(kept: HeldLease | null, request: LeaseRequest, nowMs: number): HeldLease | null {
  const isHeld = kept !== null && kept.expiresAtMs > nowMs;
  if (isHeld && kept.holder !== request.holder) return null;
  const token = isHeld ? kept.token : Math.max((kept?.token ?? 0) + 1, nowMs * 1_000);
  return { name: request.name, holder: request.holder, token, expiresAtMs: nowMs + request.ttlMs };
}

/** Whether what is kept is this very lease and has not run out; for implementers of `LeaseStore`. */
export function isStillHeld(kept: HeldLease | null, lease: Lease, nowMs: number): kept is HeldLease {
  return kept !== null && kept.expiresAtMs > nowMs && kept.holder === lease.holder && kept.token === lease.token;
}
