import {
  checkLeaseRequest,
  checkLeaseTtl,
  Clock,
  FORGET_LEASE_AFTER_MS,
  inject,
  injectable,
  isLogName,
  isStillHeld,
  takeLease,
  withLeaseErrors,
} from '@dogwatch/core';
import type { HeldLease, Lease, LeaseRequest, LeaseStore } from '@dogwatch/core';
import type { SqliteConnection } from './sqlite-connection.js';
import { StoreFile } from './store-file.js';

/**
 * Leases in the SQLite file, for the parts of the one process that may have it open. Opening the file ends all leases: whoever
 * held them is gone.
 */
@injectable()
export class SqliteLeaseStore implements LeaseStore {
  constructor(
    @inject(StoreFile) private readonly file: StoreFile,
    @inject(Clock) private readonly clock: Clock,
  ) {}

  async acquire(request: LeaseRequest): Promise<Lease | null> {
    checkLeaseRequest(request);
    const asked = { ...request };
    const taken = await this.write((connection) => {
      const now = this.clock.now();
      const next = takeLease(selectLease(connection, asked.name), asked, now);
      if (next === null) return null;
      connection.run('DELETE FROM leases WHERE expires_at_ms <= ?', now - FORGET_LEASE_AFTER_MS);
      writeLease(connection, next);
      return next;
    });
    return taken && bareLease(taken);
  }

  async renew(lease: Lease, ttlMs: number): Promise<boolean> {
    checkLeaseTtl(ttlMs);
    return this.prolong(lease, ttlMs);
  }

  async release(lease: Lease): Promise<void> {
    await this.prolong(lease, 0);
  }

  async find(name: string): Promise<Lease | null> {
    if (!isLogName(name)) return null;
    const kept = await withLeaseErrors(() => selectLease(this.file.connection, name));
    return kept === null || kept.expiresAtMs <= this.clock.now() ? null : bareLease(kept);
  }

  private async prolong(lease: Lease, ttlMs: number): Promise<boolean> {
    if (!isLogName(lease.name)) return false;
    const { name, holder, token } = lease;
    return this.write((connection) => {
      const now = this.clock.now();
      const kept = selectLease(connection, name);
      if (!isStillHeld(kept, { name, holder, token }, now)) return false;
      writeLease(connection, { ...kept, expiresAtMs: now + ttlMs });
      return true;
    });
  }

  private write<T>(body: (connection: SqliteConnection) => T): Promise<T> {
    return withLeaseErrors(() => this.file.write(body));
  }
}

/** Ends every lease: no token is needed any more once nobody is left who could come late. */
export function endAllLeases(connection: SqliteConnection): void {
  connection.run('UPDATE leases SET expires_at_ms = 0 WHERE expires_at_ms > 0');
}

function selectLease(connection: SqliteConnection, name: string): HeldLease | null {
  const row = connection.get('SELECT holder, token, expires_at_ms FROM leases WHERE name = ?', name);
  if (row === null) return null;
  const { holder, token, expires_at_ms: expiresAtMs } = row;
  return { name, holder: String(holder), token: Number(token), expiresAtMs: Number(expiresAtMs) };
}

function writeLease(connection: SqliteConnection, lease: HeldLease): void {
  const { name, holder, token, expiresAtMs } = lease;
  connection.run('INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?)', name, holder, token, expiresAtMs);
}

function bareLease({ name, holder, token }: HeldLease): Lease {
  return { name, holder, token };
}
