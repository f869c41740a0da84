import { readFileSync } from 'node:fs';
import { AppError, definePort, inject, injectable, Logger } from '@dogwatch/core';
import type { HostedService } from '@dogwatch/core';
import { RedisStoreConfig } from './config.js';
import { createClient, type RedisClient } from './create-client.js';
import { parseRedisUrl, type RedisTarget } from './redis-url.js';

/** The connections of this process. */
export interface RedisConnections {
  /** For requests: prefixed keys, and quick to fail. */
  readonly requests: RedisClient;
  /** Makes a connection for BullMQ; closed by whoever asked for it. */
  forJobs(purpose: 'requests' | 'blocking'): RedisClient;
}
export const RedisConnections = definePort<RedisConnections>('store-redis.RedisConnections');

// An app whose Redis is there should not begin with errors; one whose Redis is away should begin all the same.
const firstConnectMs = 1_000;

function targetOf(config: RedisStoreConfig): RedisTarget {
  const parsed = config.url === null ? null : parseRedisUrl(config.url.reveal());
  if (parsed?.ok === true) return parsed.target;
  const reason = parsed === null ? 'no Redis is named' : `its URL ${parsed.reason}`;
  throw new AppError(
    'DW_REDIS_NOT_CONFIGURED',
    `Plugin 'store-redis' is installed, but ${reason}. Set REDIS_URL, or leave redisStore out of createApp and the section 'redis' out of the settings.`,
  );
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Plugin 'store-redis' cannot read redis.tlsCaFile '${file}': ${reason}. Correct REDIS_TLS_CA_FILE.`;
    throw new AppError('DW_REDIS_NOT_CONFIGURED', message, { cause: error });
  }
}

/** Keeps the connections, and tells the log once when Redis is lost and when it is back. */
@injectable()
export class IoredisConnections implements RedisConnections, HostedService {
  readonly name = 'Redis';
  readonly requests: RedisClient;
  private readonly target: RedisTarget;
  private readonly tlsCa: string | null;
  private isLost = false;

  constructor(
    @inject(RedisStoreConfig) private readonly config: RedisStoreConfig,
    @inject(Logger) private readonly logger: Logger,
  ) {
    this.target = targetOf(config);
    this.tlsCa = config.tlsCaFile === null ? null : readAuthority(config.tlsCaFile);
    this.requests = this.create('requests', `${config.keyPrefix}:`);
    this.requests.on('ready', () => {
      if (this.isLost) this.logger.info('redis_back', 'Redis answers again.');
      this.isLost = false;
    });
  }

  forJobs(purpose: 'requests' | 'blocking'): RedisClient {
    return this.create(purpose, null);
  }

  start(): Promise<void> {
    return connect(this.requests);
  }

  stop(): void {
    this.requests.disconnect();
  }

  private create(purpose: 'requests' | 'blocking', keyPrefix: string | null): RedisClient {
    const { connectTimeoutMs, commandTimeoutMs } = this.config;
    const { tlsCa } = this;
    const client = createClient(this.target, { purpose, keyPrefix, connectTimeoutMs, commandTimeoutMs, tlsCa });
    // Without a listener an error of a connection would end the process.
    client.on('error', (error: unknown) => this.lose(error));
    return client;
  }

  private lose(error: unknown): void {
    if (this.isLost) return;
    this.isLost = true;
    const message = 'Redis does not answer; Dogwatch goes on without until it does.';
    this.logger.warn('redis_lost', message, { error });
  }
}

/**
 * Begins to connect, and resolves when that is done, failed or takes long; a failure is told by the connection's error event,
 * and it tries again by itself.
 */
export async function connect(client: RedisClient): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, firstConnectMs)));
  await Promise.race([client.connect().catch(() => undefined), patience]);
  clearTimeout(timer);
}
