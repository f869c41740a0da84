import { Secret, SystemClock } from '@dogwatch/core';
import { BullJobQueue, IoredisConnections } from '@dogwatch/store-redis';
import type { RedisStoreConfig } from '@dogwatch/store-redis';
import { RecordingLogger, RecordingMetrics, type RedisServer } from '@dogwatch/testkit';
import { Redis } from 'ioredis';

let prefixes = 0;

/** A prefix that no other test uses. */
export function freshPrefix(): string {
  return `test-${++prefixes}`;
}

/** The settings of a replica on a server. */
export function configFor(url: string, change: Partial<RedisStoreConfig> = {}): RedisStoreConfig {
  return {
    url: new Secret(url),
    keyPrefix: freshPrefix(),
    tlsCaFile: null,
    leases: false,
    connectTimeoutMs: 2_000,
    commandTimeoutMs: 500,
    jobLockMs: 30_000,
    ...change,
  };
}

/** A replica's parts without an app around them. */
export interface Replica {
  readonly config: RedisStoreConfig;
  readonly connections: IoredisConnections;
  readonly logger: RecordingLogger;
  queue(): BullJobQueue;
  stop(): Promise<void>;
}

/** Connects a replica; those with one prefix belong together. */
export async function connectReplica(
  server: Pick<RedisServer, 'url'>,
  change: Partial<RedisStoreConfig> = {},
): Promise<Replica> {
  const config = configFor(server.url, change);
  const logger = new RecordingLogger();
  const connections = new IoredisConnections(config, logger);
  await connections.start();
  const queues: BullJobQueue[] = [];
  return {
    config,
    connections,
    logger,
    queue: () => {
      const queue = new BullJobQueue(config, connections, new SystemClock(), logger, new RecordingMetrics());
      queues.push(queue);
      return queue;
    },
    stop: async () => {
      await Promise.all(queues.map((queue) => queue.close()));
      connections.stop();
    },
  };
}

/** Brings the end of every key nearer, as if time had passed. */
export async function passOnRedis(server: RedisServer, ms: number): Promise<void> {
  const client = new Redis(server.url);
  try {
    for (const key of await client.keys('*')) {
      const leftMs = await client.pttl(key);
      if (leftMs > 0) await client.pexpire(key, Math.max(0, leftMs - ms));
    }
  } finally {
    client.disconnect();
  }
}

/** Waits until something holds; throws when that takes over 15 s. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let waited = 0; waited < 15_000; waited += 20) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Waited 15 s in vain until ${what}.`);
}
