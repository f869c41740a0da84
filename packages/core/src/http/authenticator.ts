import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../errors/app-error.js';
import type { Principal } from '../ports/http-routes.js';
import { constantTimeEqual } from './constant-time-equal.js';
import { readCookie, SESSION_COOKIE } from './session-cookie.js';
import type { SessionCookies } from './session-cookie.js';

/** What authentication looks at. */
export interface AuthenticationRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const apiPrincipal: Principal = { actor: { channelType: 'api', userId: 'token' } };

function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin === undefined || host === undefined) return false;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Tells who asks: by bearer token, or by the console's cookie. */
export class Authenticator {
  constructor(
    private readonly token: string,
    private readonly cookies: SessionCookies,
  ) {}

  isToken(candidate: string): boolean {
    return constantTimeEqual(candidate, this.token);
  }

  /** Throws `DW_HTTP_UNAUTHENTICATED`, or `DW_HTTP_ORIGIN` for a write that another site's page sent with the cookie. */
  authenticate(request: AuthenticationRequest): Principal {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined) {
      const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      if (bearer !== undefined && this.isToken(bearer)) return apiPrincipal;
      throw new AppError(
        'DW_HTTP_UNAUTHENTICATED',
        'The Authorization header holds no valid bearer token. Send the token from DOGWATCH_TOKEN or the token file in the data folder.',
      );
    }
    const session = readCookie(cookie, SESSION_COOKIE);
    const name = session === null ? null : this.cookies.check(session, request.now);
    if (name === null) {
      throw new AppError(
        'DW_HTTP_UNAUTHENTICATED',
        session === null
          ? 'This address needs a token. Send `Authorization: Bearer <token>`, or log in at the console.'
          : 'The session has ended. Log in again.',
      );
    }
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead && !isSameOrigin(request.headers)) {
      throw new AppError(
        'DW_HTTP_ORIGIN',
        `A write with the console's cookie must come from the console itself, but its Origin is '${request.headers.origin ?? 'absent'}'. Use the bearer token for scripts.`,
      );
    }
    return { actor: { channelType: 'web', userId: name } };
  }
}
