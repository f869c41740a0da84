import { z } from 'zod';
import { AppError } from '../errors/app-error.js';
import type { Clock } from '../ports/clock.js';
import type { HttpRequest, HttpResponse, HttpRoute } from '../ports/http-routes.js';
import type { Authenticator } from './authenticator.js';
import { parseBody } from './parse-body.js';
import { readCookie, SESSION_COOKIE, SESSION_TTL_MS } from './session-cookie.js';
import type { SessionCookies } from './session-cookie.js';

// Letters, digits and a little punctuation: the name becomes a userId in the log and in messages.
const loginSchema = z.object({
  token: z.string().min(1),
  name: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@+-]*$/u, 'must be letters, digits, spaces and . _ @ + -'),
});

/** What the session routes need. */
export interface SessionRouteParts {
  readonly authenticator: Authenticator;
  readonly cookies: SessionCookies;
  readonly clock: Clock;
}

function setCookie({ headers }: HttpRequest, value: string, maxAgeSeconds: number): Readonly<Record<string, string>> {
  // Whoever forges the header only keeps the cookie from itself.
  const secure = headers['x-forwarded-proto']?.split(',').at(-1)?.trim() === 'https' ? '; Secure' : '';
  return {
    'set-cookie': `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure}`,
  };
}

/** `POST /api/session` (log in), `GET /api/session` (who am I) and `DELETE /api/session` (log out) of the console. */
export function sessionRoutes({ authenticator, cookies, clock }: SessionRouteParts): readonly HttpRoute[] {
  const path = '/api/session';
  return [
    {
      method: 'POST',
      path,
      auth: 'none',
      rateLimit: 'api',
      handle: async (request: HttpRequest): Promise<HttpResponse> => {
        const { token, name } = await parseBody(loginSchema, request);
        if (!authenticator.isToken(token)) {
          throw new AppError(
            'DW_HTTP_UNAUTHENTICATED',
            'The token is wrong. It is in DOGWATCH_TOKEN, or in the file "token" of the data folder.',
          );
        }
        const cookie = cookies.issue(name, clock.now());
        return { status: 204, headers: setCookie(request, cookie, SESSION_TTL_MS / 1000) };
      },
    },
    {
      method: 'GET',
      path,
      auth: 'token',
      rateLimit: 'none',
      handle: (request) => Promise.resolve({ status: 200, body: { actor: request.principal?.actor ?? null } }),
    },
    {
      method: 'DELETE',
      path,
      auth: 'token',
      rateLimit: 'api',
      handle: (request) => {
        const session = readCookie(request.headers['cookie'], SESSION_COOKIE);
        if (session !== null) cookies.end(session, clock.now());
        return Promise.resolve({ status: 204, headers: setCookie(request, '', 0) });
      },
    },
  ];
}
