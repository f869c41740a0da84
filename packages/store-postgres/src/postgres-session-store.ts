import { checkSession, checkSessionTtl, inject, injectable, sessionName } from '@dogwatch/core';
import type { Session, SessionKey, SessionStore } from '@dogwatch/core';
import { PostgresDatabase } from './postgres-database.js';

const until = (place: string): string => `clock_timestamp() + ${place}::bigint * interval '1 millisecond'`;

const find = 'SELECT data FROM sessions WHERE name = $1 AND expires_at > clock_timestamp()';

const upsert = `INSERT INTO sessions (name, data, expires_at) VALUES ($1, $2, ${until('$3')})
  ON CONFLICT (name) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`;

// A few at a time, and none that another replica is about to delete.
const forget = `DELETE FROM sessions WHERE name IN (
  SELECT name FROM sessions WHERE expires_at <= clock_timestamp() LIMIT 100 FOR UPDATE SKIP LOCKED)`;

const prolong = `UPDATE sessions SET expires_at = ${until('$2')}
  WHERE name = $1 AND expires_at > clock_timestamp() RETURNING name`;

/** Sessions in PostgreSQL, by the database's clock; those that have expired go away when others are put. */
@injectable()
export class PostgresSessionStore implements SessionStore {
  constructor(@inject(PostgresDatabase) private readonly database: PostgresDatabase) {}

  async get(key: SessionKey): Promise<Session | null> {
    const [row] = await this.database.rows({ text: find, values: [sessionName(key)] });
    return row === undefined ? null : (row['data'] as Session);
  }

  async put(key: SessionKey, session: Session, ttlMs: number): Promise<void> {
    const name = sessionName(key);
    checkSessionTtl(ttlMs);
    await this.database.rows({ text: upsert, values: [name, JSON.stringify(checkSession(session)), ttlMs] });
    await this.database.rows({ text: forget });
  }

  async touch(key: SessionKey, ttlMs: number): Promise<boolean> {
    const name = sessionName(key);
    checkSessionTtl(ttlMs);
    return (await this.database.rows({ text: prolong, values: [name, ttlMs] })).length === 1;
  }

  async delete(key: SessionKey): Promise<void> {
    await this.database.rows({ text: 'DELETE FROM sessions WHERE name = $1', values: [sessionName(key)] });
  }
}
