import { AppError } from '../errors/app-error.js';
import { findNonJson } from '../log/canonical-json.js';
import type { Session, SessionKey } from '../ports/session-store.js';
import type { JsonObject } from '../domain/json.js';
import { cleanJson, cleanText } from './clean-json.js';

const maxTtlMs = 30 * 86_400_000;
const maxSessionLength = 64 * 1024;

function refuse(problem: string, remedy: string): never {
  throw new AppError('DW_SESSION_INVALID', `The session store refuses ${problem}. ${remedy}`);
}

/** One text that tells sessions apart; throws `DW_SESSION_INVALID` for a key without its parts; for implementers of `SessionStore`. */
export function sessionName({ actor, conversation }: SessionKey): string {
  const parts = [actor.channelType, actor.userId, conversation];
  if (parts.some((part) => typeof part !== 'string' || part === '')) {
    refuse('a key without a channel, person or conversation', 'Give all three.');
  }
  return cleanText(JSON.stringify(parts));
}

/** Throws `DW_SESSION_INVALID` for a time that no session may live; for implementers of `SessionStore`. */
export function checkSessionTtl(ttlMs: number): void {
  if (!Number.isSafeInteger(ttlMs) || ttlMs < 1 || ttlMs > maxTtlMs) {
    refuse(`a session of ${ttlMs} ms`, `Use a whole number from 1 to ${maxTtlMs}.`);
  }
}

/** The session as every store keeps it, a copy; throws `DW_SESSION_INVALID` for what is none; for implementers of `SessionStore`. */
export function checkSession(session: Session): Session {
  const problem = findNonJson(session, 'session');
  if (problem !== null) refuse(`a session, because of '${problem}'`, 'Everything in it must be plain JSON.');
  const length = JSON.stringify(session).length;
  if (length > maxSessionLength) {
    refuse(
      `a session of ${length} characters`,
      `Keep it under ${maxSessionLength}; leave out what can be asked again.`,
    );
  }
  const { activeChannel, model, pending } = session;
  return cleanJson({
    activeChannel: { ...activeChannel },
    model,
    pending,
  } as unknown as JsonObject) as unknown as Session;
}
