import {
  ApprovalStore,
  Clock,
  definePlugin,
  HealthCheck,
  HostedService,
  JobQueue,
  LeaseStore,
  Logger,
  Metrics,
  RateLimitBackend,
  SessionStore,
} from '@dogwatch/core';
import type { Plugin } from '@dogwatch/core';
import { BullJobQueue } from './bull-job-queue.js';
import { RedisStoreConfig, redisStoreConfig } from './config.js';
import { RedisApprovalStore } from './redis-approval-store.js';
import { IoredisConnections, RedisConnections } from './redis-connections.js';
import { RedisHealthCheck } from './redis-health-check.js';
import { RedisLeaseStore } from './redis-lease-store.js';
import { RedisRateLimitBackend } from './redis-rate-limit-backend.js';
import { RedisSessionStore } from './redis-session-store.js';

/**
 * Shares what must be fast between replicas on Redis: jobs, rate limits, sessions, copies of pending approvals. Leases stay where
 * they are, in the durable store, unless the settings say otherwise: who leads must not hang on a server that may be away.
 */
export function redisStore(config: RedisStoreConfig): Plugin {
  const ports = [ApprovalStore, JobQueue, RateLimitBackend, SessionStore, ...(config.leases ? [LeaseStore] : [])];
  return definePlugin({
    id: 'store-redis',
    config: redisStoreConfig,
    requires: [Clock, Logger, Metrics],
    provides: ports,
    replaces: ports,
    register({ bind, contribute }) {
      bind(RedisStoreConfig).toValue(config);
      bind(RedisConnections).toClass(IoredisConnections);
      bind(ApprovalStore).toClass(RedisApprovalStore);
      bind(JobQueue).toClass(BullJobQueue);
      if (config.leases) bind(LeaseStore).toClass(RedisLeaseStore);
      bind(RateLimitBackend).toClass(RedisRateLimitBackend);
      bind(SessionStore).toClass(RedisSessionStore);
      contribute(HostedService).class(IoredisConnections);
      contribute(HostedService).class(BullJobQueue);
      contribute(HealthCheck).class(RedisHealthCheck);
    },
  })(config);
}
