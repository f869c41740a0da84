import { defineConfigSection, definePort, Secret, type SchemaOutput } from '@dogwatch/core';
import { z } from 'zod';
import { parseRedisUrl } from './redis-url.js';

const milliseconds = z.coerce.number({ error: 'must be a whole number of milliseconds' }).int();

/** Section `redis`: the fast copy of what the durable store holds, for several replicas. */
export const redisStoreConfig = defineConfigSection({
  name: 'redis',
  schema: z
    .strictObject({
      /** Absent: there is no Redis, and the plugin is to be left out. */
      url: z
        .string()
        .superRefine((text, context) => {
          const parsed = parseRedisUrl(text);
          if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.reason });
        })
        .transform((text) => new Secret(text))
        .nullable()
        .default(null),
      /** Begins every key, so that several Dogwatches can share a server. */
      keyPrefix: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,64}$/, { error: 'must be 1 to 64 letters, digits and . _ -' })
        .default('dogwatch'),
      /** PEM file of the authority that signed the server's certificate; absent: those that Node.js trusts. */
      tlsCaFile: z.string().min(1).nullable().default(null),
      /** Whether leases are kept here, and not in the durable store: quicker, but then nobody leads while Redis is away. */
      leases: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).default(false),
      connectTimeoutMs: milliseconds.min(100).max(60_000).default(5_000),
      /** How long requests wait for Redis at most. */
      commandTimeoutMs: milliseconds.min(50).max(60_000).default(1_000),
      /** How long a job of a replica that died waits at least before another replica takes it up. */
      jobLockMs: milliseconds.min(500).max(600_000).default(30_000),
    })
    .prefault({}),
  env: { REDIS_KEY_PREFIX: 'keyPrefix', REDIS_TLS_CA_FILE: 'tlsCaFile', REDIS_LEASES: 'leases' },
  secrets: { REDIS_URL: 'url' },
});

/** Settings of the Redis store. */
export type RedisStoreConfig = SchemaOutput<typeof redisStoreConfig>;
export const RedisStoreConfig = definePort<RedisStoreConfig>('store-redis.RedisStoreConfig');
