import { inject, injectable } from '@dogwatch/core';
import type { RateLimitBackend, RateLimitClient } from '@dogwatch/core';
import { RedisConnections } from './redis-connections.js';

/** Lets all replicas count requests together. */
@injectable()
export class RedisRateLimitBackend implements RateLimitBackend {
  readonly client: RateLimitClient;

  constructor(@inject(RedisConnections) connections: RedisConnections) {
    this.client = connections.requests;
  }
}
