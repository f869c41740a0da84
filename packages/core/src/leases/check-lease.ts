import { AppError } from '../errors/app-error.js';
import { isLogName } from '../log/check-log-input.js';
import type { LeaseRequest } from '../ports/lease-store.js';

/** The longest time a lease may be asked for. */
export const MAX_LEASE_MS = 3_600_000;

/** Throws `DW_LEASE_INPUT_INVALID` for what no store may lend; for implementers of `LeaseStore`. */
export function checkLeaseRequest(request: LeaseRequest): void {
  for (const field of ['name', 'holder'] as const) {
    const value: unknown = request[field];
    if (typeof value === 'string' && isLogName(value)) continue;
    refuse(
      `the ${field} '${String(value).slice(0, 200)}'`,
      'Use 1 to 200 letters, digits and . _ : / -, beginning with a letter or digit.',
    );
  }
  checkLeaseTtl(request.ttlMs);
}

/** Throws `DW_LEASE_INPUT_INVALID` for a time that no lease may last; for implementers of `LeaseStore`. */
export function checkLeaseTtl(ttlMs: number): void {
  if (Number.isSafeInteger(ttlMs) && ttlMs >= 1 && ttlMs <= MAX_LEASE_MS) return;
  refuse(`ttlMs '${String(ttlMs)}'`, `Use a whole number of milliseconds from 1 to ${MAX_LEASE_MS}.`);
}

function refuse(what: string, remedy: string): never {
  throw new AppError('DW_LEASE_INPUT_INVALID', `The lease store refuses ${what}. ${remedy}`);
}
