export { BullJobQueue } from './bull-job-queue.js';
export { RedisStoreConfig, redisStoreConfig } from './config.js';
export { redisStore } from './plugin.js';
export { RedisApprovalStore } from './redis-approval-store.js';
export { IoredisConnections, RedisConnections } from './redis-connections.js';
export { RedisLeaseStore } from './redis-lease-store.js';
export { RedisRateLimitBackend } from './redis-rate-limit-backend.js';
export { RedisSessionStore } from './redis-session-store.js';
export { parseRedisUrl, type ParsedRedisUrl, type RedisNode, type RedisTarget } from './redis-url.js';
