// Loaded with --import before a program in fast time: what a server keeps by its own clock, which is not fast, it is asked to
// keep for a shorter time, so that a lease of ten seconds lasts ten fast ones.
import type { Lease, LeaseRequest, LeaseStore } from '@dogwatch/core';

const speed = Number(process.env['DOGWATCH_TEST_SPEED'] ?? '1');
const inServerTime = (ms: number): number => Math.max(1, Math.round(ms / speed));

function hasten({ prototype }: { readonly prototype: Pick<LeaseStore, 'acquire' | 'renew'> }): void {
  const { acquire, renew } = prototype;
  prototype.acquire = function (this: LeaseStore, request: LeaseRequest) {
    return acquire.call(this, { ...request, ttlMs: inServerTime(request.ttlMs) });
  };
  prototype.renew = function (this: LeaseStore, lease: Lease, ttlMs: number) {
    return renew.call(this, lease, inServerTime(ttlMs));
  };
}

if (process.env['DATABASE_URL'] !== undefined) hasten((await import('@dogwatch/store-postgres')).PostgresLeaseStore);
if (process.env['REDIS_URL'] !== undefined) hasten((await import('@dogwatch/store-redis')).RedisLeaseStore);
