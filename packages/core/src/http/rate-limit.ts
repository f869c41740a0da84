import type { Context, Middleware } from 'koa';
import ratelimit from 'koa-ratelimit';
import { errorBody } from './error-response.js';

/** How many requests a minute one address may send. */
export interface RateLimit {
  readonly name: string;
  readonly perMinute: number;
}

// koa-ratelimit never evicts from its map; an attacker with many addresses must not fill the memory.
const maxTrackedAddresses = 10_000;

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

/** Refuses with 429 and Retry-After what one address sends beyond the limit. */
export function limitRate(limit: RateLimit): Middleware {
  const check = ratelimit({
    driver: 'memory',
    db: new BoundedMap(),
    duration: 60_000,
    max: limit.perMinute,
    id: (context: Context) => context.ip,
    namespace: limit.name,
  });
  return async (context, next) => {
    let isAllowed = false;
    await check(context, () => {
      isAllowed = true;
      return Promise.resolve();
    });
    if (isAllowed) return next();
    const retryAfter = Math.max(1, Number(context.response.get('Retry-After')) || 1);
    context.set('Retry-After', String(retryAfter));
    context.body = errorBody(
      'DW_HTTP_RATE_LIMITED',
      `More than ${limit.perMinute} requests in a minute came from ${context.ip}. Wait ${retryAfter} s; RATE_LIMIT_PER_MINUTE sets the limit.`,
    );
  };
}
