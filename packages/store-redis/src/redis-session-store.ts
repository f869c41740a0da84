import { checkSession, checkSessionTtl, inject, injectable, sessionName } from '@dogwatch/core';
import type { Session, SessionKey, SessionStore } from '@dogwatch/core';
import { RedisConnections } from './redis-connections.js';
import { askRedis } from './redis-error.js';

const keyOf = (key: SessionKey): string => `session:${sessionName(key)}`;

/** Sessions on Redis, which forgets them by itself when their time is over. */
@injectable()
export class RedisSessionStore implements SessionStore {
  constructor(@inject(RedisConnections) private readonly connections: RedisConnections) {}

  async get(key: SessionKey): Promise<Session | null> {
    const name = keyOf(key);
    const text = await this.ask(() => this.connections.requests.get(name));
    return text === null ? null : (JSON.parse(text) as Session);
  }

  async put(key: SessionKey, session: Session, ttlMs: number): Promise<void> {
    const name = keyOf(key);
    checkSessionTtl(ttlMs);
    const text = JSON.stringify(checkSession(session));
    await this.ask(() => this.connections.requests.set(name, text, 'PX', ttlMs));
  }

  async touch(key: SessionKey, ttlMs: number): Promise<boolean> {
    const name = keyOf(key);
    checkSessionTtl(ttlMs);
    return (await this.ask(() => this.connections.requests.pexpire(name, ttlMs))) === 1;
  }

  async delete(key: SessionKey): Promise<void> {
    const name = keyOf(key);
    await this.ask(() => this.connections.requests.del(name));
  }

  private ask<T>(question: () => Promise<T>): Promise<T> {
    return askRedis('DW_SESSION_STORE_UNAVAILABLE', question);
  }
}
