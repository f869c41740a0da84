import { Cluster, Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import type { RedisTarget } from './redis-url.js';

/** A connection to one server, through sentinels, or to a cluster. */
export type RedisClient = Redis | Cluster;

/** How a connection behaves. */
export interface ClientOptions {
  /**
   * `requests`: fails quickly when Redis does not answer. `blocking`: waits for Redis as long as it takes, as BullMQ's
   * workers want it.
   */
  readonly purpose: 'requests' | 'blocking';
  /** Begins every key; BullMQ refuses it and has a prefix of its own. */
  readonly keyPrefix: string | null;
  readonly connectTimeoutMs: number;
  readonly commandTimeoutMs: number;
  /** Certificates of the authorities to trust, as PEM; `null`: those that Node.js trusts. */
  readonly tlsCa: string | null;
}

const maxRetryDelayMs = 2_000;

function retryDelay(times: number): number {
  return Math.min(maxRetryDelayMs, 50 * 2 ** Math.min(times, 10));
}

function tlsOptions({ tlsCa }: ClientOptions): { readonly ca?: string } {
  return tlsCa === null ? {} : { ca: tlsCa };
}

function commonOptions(target: RedisTarget, options: ClientOptions): RedisOptions {
  const fails = { enableOfflineQueue: false, maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false };
  return {
    // BullMQ gives a connection up for good whose first attempt, made by itself, fails.
    lazyConnect: options.purpose === 'requests',
    connectTimeout: options.connectTimeoutMs,
    keepAlive: 10_000,
    db: target.database,
    retryStrategy: retryDelay,
    // After a failover the old master refuses writes on the old connection.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...(target.username === null ? {} : { username: target.username }),
    ...(target.password === null ? {} : { password: target.password }),
    ...(target.hasTls ? { tls: tlsOptions(options) } : {}),
    ...(options.purpose === 'requests'
      ? { ...fails, commandTimeout: options.commandTimeoutMs }
      : { maxRetriesPerRequest: null }),
  };
}

/** Makes a connection; one for requests connects when told to. Its errors are for whoever listens, and somebody must. */
export function createClient(target: RedisTarget, options: ClientOptions): RedisClient {
  const common = commonOptions(target, options);
  const prefix = options.keyPrefix === null ? {} : { keyPrefix: options.keyPrefix };
  const [first] = target.nodes;
  if (target.kind === 'cluster') {
    return new Cluster([...target.nodes], {
      ...prefix,
      lazyConnect: options.purpose === 'requests',
      enableOfflineQueue: options.purpose === 'blocking',
      clusterRetryStrategy: retryDelay,
      slotsRefreshTimeout: options.connectTimeoutMs,
      redisOptions: common,
    });
  }
  if (target.kind === 'sentinel') {
    return new Redis({
      ...common,
      ...prefix,
      sentinels: [...target.nodes],
      name: target.masterName as string,
      sentinelRetryStrategy: retryDelay,
      ...(target.sentinelPassword === null ? {} : { sentinelPassword: target.sentinelPassword }),
      ...(target.hasTls ? { enableTLSForSentinelMode: true, sentinelTLS: tlsOptions(options) } : {}),
    });
  }
  return new Redis({ ...common, ...prefix, host: first?.host ?? '127.0.0.1', port: first?.port ?? 6379 });
}
