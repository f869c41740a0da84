import { checkSession, checkSessionTtl, Clock, inject, injectable, sessionName } from '@dogwatch/core';
import type { Session, SessionKey, SessionStore } from '@dogwatch/core';
import { StoreFile } from './store-file.js';

/** Sessions in the store's file; those that have expired go away when others are put. */
@injectable()
export class SqliteSessionStore implements SessionStore {
  constructor(
    @inject(StoreFile) private readonly file: StoreFile,
    @inject(Clock) private readonly clock: Clock,
  ) {}

  async get(key: SessionKey): Promise<Session | null> {
    const sql = 'SELECT data FROM sessions WHERE name = ? AND expires_at_ms > ?';
    const row = this.file.connection.get(sql, sessionName(key), this.clock.now());
    return row === null ? null : (JSON.parse(String(row['data'])) as Session);
  }

  async put(key: SessionKey, session: Session, ttlMs: number): Promise<void> {
    const name = sessionName(key);
    checkSessionTtl(ttlMs);
    const data = JSON.stringify(checkSession(session));
    const now = this.clock.now();
    await this.file.write((connection) => {
      connection.run('DELETE FROM sessions WHERE expires_at_ms <= ?', now);
      connection.run(
        `INSERT INTO sessions VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET data = excluded.data, expires_at_ms = excluded.expires_at_ms`,
        name,
        data,
        now + ttlMs,
      );
    });
  }

  async touch(key: SessionKey, ttlMs: number): Promise<boolean> {
    const name = sessionName(key);
    checkSessionTtl(ttlMs);
    const now = this.clock.now();
    return this.file.write((connection) => {
      const sql = 'UPDATE sessions SET expires_at_ms = ? WHERE name = ? AND expires_at_ms > ? RETURNING name';
      return connection.get(sql, now + ttlMs, name, now) !== null;
    });
  }

  async delete(key: SessionKey): Promise<void> {
    const name = sessionName(key);
    await this.file.write((connection) => connection.run('DELETE FROM sessions WHERE name = ?', name));
  }
}
