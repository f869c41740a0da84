import {
  checkLeaseRequest,
  checkLeaseTtl,
  FORGET_LEASE_AFTER_MS,
  inject,
  injectable,
  isLogName,
  withLeaseErrors,
} from '@dogwatch/core';
import type { Lease, LeaseRequest, LeaseStore } from '@dogwatch/core';
import type { QueryResultRow } from 'pg';
import { PostgresDatabase, type Statement } from './postgres-database.js';

const ttl = (place: string): string => `clock_timestamp() + ${place}::integer * interval '1 millisecond'`;

// Never below the time in microseconds, so that tokens grow also where the last one is forgotten.
const newToken = '(extract(epoch FROM clock_timestamp()) * 1000000)::bigint';

const acquire = `INSERT INTO leases (name, holder, token, expires_at) VALUES ($1, $2, ${newToken}, ${ttl('$3')})
  ON CONFLICT (name) DO UPDATE SET
    holder = excluded.holder,
    token = CASE WHEN leases.expires_at > clock_timestamp() THEN leases.token
      ELSE greatest(leases.token + 1, excluded.token) END,
    expires_at = excluded.expires_at
  WHERE leases.expires_at <= clock_timestamp() OR leases.holder = excluded.holder
  RETURNING token`;

const prolong = `UPDATE leases SET expires_at = ${ttl('$4')}
  WHERE name = $1 AND holder = $2 AND token = $3 AND expires_at > clock_timestamp() RETURNING token`;

// A few at a time, and none that another replica takes or forgets at the moment.
const forget = `DELETE FROM leases WHERE name IN (
  SELECT name FROM leases WHERE expires_at <= clock_timestamp() - $1::integer * interval '1 millisecond'
  LIMIT 100 FOR UPDATE SKIP LOCKED)`;

const find = 'SELECT holder, token FROM leases WHERE name = $1 AND expires_at > clock_timestamp()';

/**
 * Leases in PostgreSQL, by the database's clock: the clocks of the replicas need not agree. Those that ran out long ago go away
 * when others are taken.
 */
@injectable()
export class PostgresLeaseStore implements LeaseStore {
  constructor(@inject(PostgresDatabase) private readonly database: PostgresDatabase) {}

  async acquire(request: LeaseRequest): Promise<Lease | null> {
    checkLeaseRequest(request);
    const { name, holder, ttlMs } = request;
    const row = await this.first({ name: 'acquire-lease', text: acquire, values: [name, holder, ttlMs] });
    if (row === null) return null;
    await this.first({ name: 'forget-leases', text: forget, values: [FORGET_LEASE_AFTER_MS] });
    return { name, holder, token: Number(row['token']) };
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
    const row = await this.first({ name: 'find-lease', text: find, values: [name] });
    return row && { name, holder: String(row['holder']), token: Number(row['token']) };
  }

  private async prolong({ name, holder, token }: Lease, ttlMs: number): Promise<boolean> {
    if (!isLogName(name) || !isLogName(holder)) return false;
    const values = [name, holder, token, ttlMs];
    return (await this.first({ name: 'prolong-lease', text: prolong, values })) !== null;
  }

  private async first(statement: Statement): Promise<QueryResultRow | null> {
    const rows = await withLeaseErrors(() => this.database.rows(statement));
    return rows[0] ?? null;
  }
}
