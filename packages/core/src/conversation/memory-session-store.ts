import { inject, injectable } from '../di/inject.js';
import { Clock } from '../ports/clock.js';
import type { Session, SessionKey, SessionStore } from '../ports/session-store.js';
import { checkSession, checkSessionTtl, sessionName } from './check-session.js';

interface KeptSession {
  readonly text: string;
  readonly expiresAt: number;
}

const sweepEvery = 1_000;

/** Sessions in this process, gone with it. */
@injectable()
export class MemorySessionStore implements SessionStore {
  private readonly sessions = new Map<string, KeptSession>();
  private putsSinceSweep = 0;

  constructor(@inject(Clock) private readonly clock: Clock) {}

  async get(key: SessionKey): Promise<Session | null> {
    const kept = this.find(sessionName(key));
    return kept === null ? null : (JSON.parse(kept.text) as Session);
  }

  async put(key: SessionKey, session: Session, ttlMs: number): Promise<void> {
    const name = sessionName(key);
    checkSessionTtl(ttlMs);
    const text = JSON.stringify(checkSession(session));
    this.sessions.set(name, { text, expiresAt: this.clock.now() + ttlMs });
    this.putsSinceSweep += 1;
    if (this.putsSinceSweep >= sweepEvery) this.sweep();
  }

  async touch(key: SessionKey, ttlMs: number): Promise<boolean> {
    const name = sessionName(key);
    checkSessionTtl(ttlMs);
    const kept = this.find(name);
    if (kept === null) return false;
    this.sessions.set(name, { ...kept, expiresAt: this.clock.now() + ttlMs });
    return true;
  }

  async delete(key: SessionKey): Promise<void> {
    this.sessions.delete(sessionName(key));
  }

  private find(name: string): KeptSession | null {
    const kept = this.sessions.get(name);
    if (kept === undefined) return null;
    if (kept.expiresAt > this.clock.now()) return kept;
    this.sessions.delete(name);
    return null;
  }

  // What nobody asks for again would stay for ever otherwise.
  private sweep(): void {
    this.putsSinceSweep = 0;
    const now = this.clock.now();
    for (const [name, kept] of this.sessions) if (kept.expiresAt <= now) this.sessions.delete(name);
  }
}
