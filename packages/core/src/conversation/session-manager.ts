import { inject, injectable } from '../di/inject.js';
import { definePort } from '../di/define-port.js';
import type { Actor } from '../domain/actor.js';
import { conversationKey } from '../domain/conversation-key.js';
import type { Destination } from '../domain/outgoing-message.js';
import { isAppError } from '../errors/app-error.js';
import { Logger } from '../ports/logger.js';
import { SessionStore } from '../ports/session-store.js';
import type { Session, SessionKey } from '../ports/session-store.js';
import { ConversationConfig } from './config.js';

/** A person in a conversation. */
export interface SessionPlace {
  readonly actor: Actor;
  readonly destination: Destination;
}

/** Opens, reads and changes sessions; each use prolongs them. */
export interface SessionManager {
  /** The session as it is, prolonged; an empty one where there is none, or while the store does not answer. */
  read(place: SessionPlace): Promise<Session>;
  /** Changes the session, or begins it. What one person writes in one conversation is worked on in turn, so nothing is lost in between. */
  change(place: SessionPlace, change: Partial<Pick<Session, 'model' | 'pending'>>): Promise<void>;
}
export const SessionManager = definePort<SessionManager>('core.SessionManager');

/** Sessions in the `SessionStore`, as long as configured. */
@injectable()
export class StoredSessionManager implements SessionManager {
  private readonly ttlMs: number;
  private isFailing = false;

  constructor(
    @inject(SessionStore) private readonly sessions: SessionStore,
    @inject(ConversationConfig) config: ConversationConfig,
    @inject(Logger) private readonly logger: Logger,
  ) {
    this.ttlMs = config.sessionMinutes * 60_000;
  }

  async read(place: SessionPlace): Promise<Session> {
    const session = await this.prolonged(keyOf(place));
    return session ?? { activeChannel: place.destination, model: null, pending: null };
  }

  async change(place: SessionPlace, change: Partial<Pick<Session, 'model' | 'pending'>>): Promise<void> {
    const key = keyOf(place);
    const { model = null, pending = null } = (await this.sessions.get(key)) ?? {};
    await this.sessions.put(key, { model, pending, ...change, activeChannel: place.destination }, this.ttlMs);
  }

  // A session is a convenience: without it the chat still answers.
  private async prolonged(key: SessionKey): Promise<Session | null> {
    try {
      const session = await this.sessions.get(key);
      if (session !== null) await this.sessions.touch(key, this.ttlMs);
      if (this.isFailing) this.logger.info('session_store_back', 'The store of sessions answers again.');
      this.isFailing = false;
      return session;
    } catch (error) {
      if (!isAppError(error) || !error.isRetryable) throw error;
      const message = 'The chat goes on without what it remembered: the store of sessions fails.';
      if (!this.isFailing) this.logger.warn('session_store_lost', message, { error });
      this.isFailing = true;
      return null;
    }
  }
}

function keyOf({ actor, destination }: SessionPlace): SessionKey {
  return { actor, conversation: conversationKey(destination) };
}
