import type { JobRateLimit } from '@dogwatch/core';
import type { RedisClient } from './create-client.js';
import { RedisScript } from './redis-script.js';

// Each start is a member of its own; what has left the window is dropped, so the set never holds more than the limit.
const take = new RedisScript(
  'dogwatchTakeStart',
  1,
  `local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  local max, per = tonumber(ARGV[1]), tonumber(ARGV[2])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - per)
  if redis.call('ZCARD', KEYS[1]) >= max then
    local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
    return math.max(1, tonumber(first[2]) + per - now)
  end
  redis.call('ZADD', KEYS[1], now, ARGV[3])
  redis.call('PEXPIRE', KEYS[1], per)
  return 0`,
);

/** One start that somebody asks for. */
export interface StartRequest {
  readonly kind: string;
  readonly rateKey: string;
  /** Tells this start from all others. */
  readonly id: string;
}

/** Counts a start and answers 0, or answers how many milliseconds to wait; over all replicas, by the clock of Redis. */
export async function takeStart(client: RedisClient, limit: JobRateLimit, request: StartRequest): Promise<number> {
  const key = `starts:{${request.kind}}:${request.rateKey}`;
  return Number(await take.run(client, key, limit.max, limit.perMs, request.id));
}
