import { createHmac, randomBytes } from 'node:crypto';
import { constantTimeEqual } from './constant-time-equal.js';

/** Name of the console's cookie. */
export const SESSION_COOKIE = 'dogwatch_session';

/** How long a login lasts. */
export const SESSION_TTL_MS = 12 * 60 * 60 * 1000;

interface SessionClaims {
  readonly name: string;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Issues and checks the console's cookies. They are signed with a key made from the access token, so that they outlive
 * a restart and end when the token changes; a log-out is remembered until the cookie would have expired.
 */
export class SessionCookies {
  private readonly key: Buffer;
  private readonly ended = new Map<string, number>();

  constructor(accessToken: string) {
    this.key = createHmac('sha256', accessToken).update('dogwatch console session').digest();
  }

  issue(name: string, now: number): string {
    const claims: SessionClaims = { name, id: randomBytes(9).toString('base64url'), expiresAt: now + SESSION_TTL_MS };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${payload}.${this.sign(payload)}`;
  }

  /** The name given at login, or `null` for a cookie that is forged, expired or logged out. */
  check(cookie: string, now: number): string | null {
    const claims = this.claims(cookie);
    if (claims === null || claims.expiresAt <= now || this.ended.has(claims.id)) return null;
    return claims.name;
  }

  end(cookie: string, now: number): void {
    for (const [id, expiresAt] of this.ended) if (expiresAt <= now) this.ended.delete(id);
    const claims = this.claims(cookie);
    if (claims !== null) this.ended.set(claims.id, claims.expiresAt);
  }

  private claims(cookie: string): SessionClaims | null {
    const dot = cookie.indexOf('.');
    if (dot < 0) return null;
    const payload = cookie.slice(0, dot);
    if (!constantTimeEqual(cookie.slice(dot + 1), this.sign(payload))) return null;
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as SessionClaims;
  }

  private sign(payload: string): string {
    return createHmac('sha256', this.key).update(payload).digest('base64url');
  }
}

/** Reads one cookie out of a `Cookie` header. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return null;
}
