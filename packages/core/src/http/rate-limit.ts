import type { Context, Middleware } from 'koa';
import ratelimit from 'koa-ratelimit';
import { AppError } from '../errors/app-error.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type { RateLimitBackend } from '../ports/rate-limit-backend.js';

/** How many requests a minute one address may send, and how it is told. */
export interface RateLimit {
  readonly name: string;
  readonly perMinute: number;
  /** 429 for who can wait; webhooks get 503, since Alertmanager repeats after nothing else. */
  readonly refusal: 'DW_HTTP_RATE_LIMITED' | 'DW_HTTP_WEBHOOK_BUSY';
  /** The setting that changes it. */
  readonly setting: string;
}

/** What a limit works with. */
export interface RateLimitParts {
  readonly backend: RateLimitBackend;
  readonly clock: Clock;
  readonly logger: Logger;
}

// koa-ratelimit never evicts from its map; an attacker with many addresses must not fill the memory.
const maxTrackedAddresses = 10_000;
// A backend that hangs must not slow every request down.
const pauseMs = 5_000;

class BoundedMap<K, V> extends Map<K, V> {
  override set(key: K, value: V): this {
    if (!this.has(key) && this.size >= maxTrackedAddresses) {
      for (const oldest of this.keys()) {
        this.delete(oldest);
        break;
      }
    }
    return super.set(key, value);
  }
}

type Check = (context: Context) => Promise<boolean>;
type Database = NonNullable<Parameters<typeof ratelimit>[0]>['db'];

function checkIn(driver: 'memory' | 'redis', db: unknown, limit: RateLimit): Check {
  const check = ratelimit({
    driver,
    db: db as Database,
    duration: 60_000,
    max: limit.perMinute,
    id: (context: Context) => context.ip,
    namespace: `limit:${limit.name}`,
  });
  return async (context) => {
    let isAllowed = false;
    await check(context, () => {
      isAllowed = true;
      return Promise.resolve();
    });
    return isAllowed;
  };
}

/** Asks the shared backend while it answers, and this replica's own count while it does not. */
function sharedCheck(limit: RateLimit, { backend: { client }, clock, logger }: RateLimitParts): Check {
  const local = checkIn('memory', new BoundedMap(), limit);
  if (client === null) return local;
  const shared = checkIn('redis', client, limit);
  let pausedUntil = 0;
  let isFailing = false;
  return async (context) => {
    if (clock.now() < pausedUntil) return local(context);
    try {
      const isAllowed = await shared(context);
      if (isFailing) logger.info('rate_limit_shared', 'Requests are counted over all replicas again.');
      isFailing = false;
      return isAllowed;
    } catch (error) {
      if (!isFailing) {
        const message = 'Requests are counted for each replica by itself: the shared count fails.';
        logger.warn('rate_limit_local', message, { limit: limit.name, error });
      }
      isFailing = true;
      pausedUntil = clock.now() + pauseMs;
      return local(context);
    }
  };
}

/** Refuses what one address sends beyond the limit, with Retry-After. */
export function limitRate(limit: RateLimit, parts: RateLimitParts): Middleware {
  const check = sharedCheck(limit, parts);
  return async (context, next) => {
    if (await check(context)) return next();
    const retryAfter = Math.max(1, Number(context.response.get('Retry-After')) || 1);
    throw new AppError(
      limit.refusal,
      `More than ${limit.perMinute} requests in a minute came from ${context.ip}. Wait ${retryAfter} s; ${limit.setting} sets the limit.`,
      { isRetryable: true, retryAfterMs: retryAfter * 1_000 },
    );
  };
}
