import { inject, injectable } from '@dogwatch/core';
import type { HealthCheck, HealthReport } from '@dogwatch/core';
import { RedisStoreConfig } from './config.js';
import { RedisConnections } from './redis-connections.js';

/** Says whether Redis answers; Dogwatch works without it, so it is never down nor keeps `/ready` red. */
@injectable()
export class RedisHealthCheck implements HealthCheck {
  readonly name = 'redis';

  constructor(
    @inject(RedisConnections) private readonly connections: RedisConnections,
    @inject(RedisStoreConfig) private readonly config: RedisStoreConfig,
  ) {}

  async check(): Promise<HealthReport> {
    try {
      await this.connections.requests.ping();
      return { status: 'ok', message: 'Redis answers.' };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const waits = this.config.leases ? 'What only one replica may do waits for it: watching, runs, messages. ' : '';
      const goesOn = this.config.leases ? 'Alerts and decisions are taken' : 'Everything goes on without';
      const message =
        `Redis does not answer (${reason}). ${waits}${goesOn}; jobs wait, the chat has forgotten its sessions, and each replica ` +
        'counts requests by itself. Check REDIS_URL and the server.';
      return { status: 'degraded', message };
    }
  }
}
