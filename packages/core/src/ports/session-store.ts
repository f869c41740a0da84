import { definePort } from '../di/define-port.js';
import type { Actor } from '../domain/actor.js';
import type { JsonObject } from '../domain/json.js';
import type { Destination } from '../domain/outgoing-message.js';

/** Whose session: a person has one in each conversation. */
export interface SessionKey {
  readonly actor: Actor;
  /** As `conversationKey` names it. */
  readonly conversation: string;
}

/** What is remembered of a person in a conversation for a while. */
export interface Session {
  /** Where the person wrote last. */
  readonly activeChannel: Destination;
  /** The language model that the person chose for this conversation, or `null`. */
  readonly model: string | null;
  /** What a follow-up ("and in staging?") refers to, or `null`. */
  readonly pending: JsonObject | null;
}

/**
 * Keeps sessions until they expire by themselves: a convenience, never a truth; losing one costs a repeated question.
 *
 * Texts may hold anything; a NUL or a lone surrogate comes back as U+FFFD. Throws `DW_SESSION_INVALID` for what is no
 * session; infrastructure failures are an `AppError` with `isRetryable`.
 */
export interface SessionStore {
  /** The session as it was put, or `null` when there is none or it has expired. */
  get(key: SessionKey): Promise<Session | null>;
  /** Keeps a session for `ttlMs` (1 to 2,592,000,000 milliseconds), in place of the one before. */
  put(key: SessionKey, session: Session, ttlMs: number): Promise<void>;
  /** Prolongs a session to `ttlMs` from now; `false` when there is none or it has expired. */
  touch(key: SessionKey, ttlMs: number): Promise<boolean>;
  /** Forgets a session; nothing happens when there is none. */
  delete(key: SessionKey): Promise<void>;
}

/** Keeps sessions until they expire by themselves. */
export const SessionStore = definePort<SessionStore>('core.SessionStore');
