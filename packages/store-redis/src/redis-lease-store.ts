import { checkLeaseRequest, checkLeaseTtl, FORGET_LEASE_AFTER_MS, inject, injectable } from '@dogwatch/core';
import type { Lease, LeaseRequest, LeaseStore } from '@dogwatch/core';
import { RedisConnections } from './redis-connections.js';
import { askRedis } from './redis-error.js';
import { RedisScript } from './redis-script.js';

// The token is never below the time in microseconds, so that it grows also when a flush takes the last one away, or it has ended:
// a while after the lease, which is for a clock that is set back.
const keepTokenMs = FORGET_LEASE_AFTER_MS;

const acquire = new RedisScript(
  'dogwatchAcquireLease',
  2,
  `local holder = redis.call('HGET', KEYS[1], 'holder')
  if holder and holder ~= ARGV[1] then return false end
  local token
  if holder then
    token = redis.call('HGET', KEYS[1], 'token')
  else
    local time = redis.call('TIME')
    local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
    local last = tonumber(redis.call('GET', KEYS[2]) or '0')
    token = string.format('%.0f', math.max(last + 1, now))
    redis.call('SET', KEYS[2], token)
    redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'token', token)
  end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[2] + ${keepTokenMs})
  return token`,
);

// A time of 0 takes the lease away.
const prolong = new RedisScript(
  'dogwatchProlongLease',
  2,
  `local held = redis.call('HMGET', KEYS[1], 'holder', 'token')
  if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return 0 end
  redis.call('PEXPIRE', KEYS[2], ARGV[3] + ${keepTokenMs})
  return redis.call('PEXPIRE', KEYS[1], ARGV[3])`,
);

// Names have no braces, so both keys of a lease are in one slot of a cluster.
const keyOf = (name: string): string => `lease:{${name}}`;

/** Leases on Redis, by its clock. */
@injectable()
export class RedisLeaseStore implements LeaseStore {
  constructor(@inject(RedisConnections) private readonly connections: RedisConnections) {}

  async acquire(request: LeaseRequest): Promise<Lease | null> {
    checkLeaseRequest(request);
    const { name, holder, ttlMs } = request;
    const key = keyOf(name);
    const token = await this.ask(() => acquire.run(this.connections.requests, key, `${key}:token`, holder, ttlMs));
    return token === null ? null : { name, holder, token: Number(token) };
  }

  async renew(lease: Lease, ttlMs: number): Promise<boolean> {
    checkLeaseTtl(ttlMs);
    return this.prolong(lease, ttlMs);
  }

  async release(lease: Lease): Promise<void> {
    await this.prolong(lease, 0);
  }

  async find(name: string): Promise<Lease | null> {
    const [holder, token] = await this.ask(() => this.connections.requests.hmget(keyOf(name), 'holder', 'token'));
    return holder === null || holder === undefined ? null : { name, holder, token: Number(token) };
  }

  private async prolong({ name, holder, token }: Lease, ttlMs: number): Promise<boolean> {
    const key = keyOf(name);
    const answer = await this.ask(() =>
      prolong.run(this.connections.requests, key, `${key}:token`, holder, token, ttlMs),
    );
    return answer === 1;
  }

  private ask<T>(question: () => Promise<T>): Promise<T> {
    return askRedis('DW_LEASE_UNAVAILABLE', question);
  }
}
