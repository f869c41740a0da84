import type { Lease, LeaseRequest } from '../ports/lease-store.js';

/** A lease as a store keeps it: its token outlives it, for ever. */
export interface HeldLease extends Lease {
  /** Milliseconds since the epoch by the store's clock; from then on anybody may take it. */
  readonly expiresAtMs: number;
}

/** What a request makes of what is kept; `null` when somebody else has it. For implementers of `LeaseStore`. */
export function takeLease(kept: HeldLease | null, request: LeaseRequest, nowMs: number): HeldLease | null {
  const isHeld = kept !== null && kept.expiresAtMs > nowMs;
  if (isHeld && kept.holder !== request.holder) return null;
  const token = isHeld ? kept.token : (kept?.token ?? 0) + 1;
  return { name: request.name, holder: request.holder, token, expiresAtMs: nowMs + request.ttlMs };
}

/** Whether what is kept is this very lease and has not run out; for implementers of `LeaseStore`. */
export function isStillHeld(kept: HeldLease | null, lease: Lease, nowMs: number): kept is HeldLease {
  return kept !== null && kept.expiresAtMs > nowMs && kept.holder === lease.holder && kept.token === lease.token;
}
