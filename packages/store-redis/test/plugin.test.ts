import assert from 'node:assert/strict';
import { createApp, LeaseStore, MemoryLeaseStore, memoryStore } from '@dogwatch/core';
import { RedisLeaseStore, redisStore } from '@dogwatch/store-redis';
import { RecordingLogger } from '@dogwatch/testkit';
import { configFor } from './redis-fixture.js';

describe('redisStore', () => {
  const leasesWith = (leases: boolean): LeaseStore => {
    const plugins = [memoryStore(), redisStore(configFor('redis://127.0.0.1:1', { leases }))];
    return createApp({ plugins, core: { logger: new RecordingLogger() } }).get(LeaseStore);
  };

  it('leaves leases in the durable store, so that replicas lead without Redis', () => {
    assert.ok(leasesWith(false) instanceof MemoryLeaseStore);
  });

  it('takes leases over when the settings say so', () => {
    assert.ok(leasesWith(true) instanceof RedisLeaseStore);
  });
});
