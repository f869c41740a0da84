import { randomBytes } from 'node:crypto';
import { PostgresServer, RedisServer } from '@dogwatch/testkit';

// In fast time the shipped one is over in a second, in which a busy machine connects to nothing.
const connectTimeoutMs = '60000';

/** Where a scenario keeps what must not be lost. */
export interface CrashStores {
  /** The variables that point all processes of one scenario to stores that are empty. */
  fresh(): Promise<Readonly<Record<string, string>>>;
  remove(): Promise<void>;
}

/** One file in the data folder of the one process. */
export function fileStore(): Promise<CrashStores> {
  return Promise.resolve({ fresh: () => Promise.resolve({}), remove: () => Promise.resolve() });
}

/** A server with a database for each scenario. */
export async function postgresStore(program: string): Promise<CrashStores> {
  const server = await PostgresServer.start(program);
  return {
    fresh: async () => ({ DATABASE_URL: await server.createDatabase(), DATABASE_CONNECT_TIMEOUT_MS: connectTimeoutMs }),
    remove: () => server.remove(),
  };
}

/** The same, and a Redis with keys for each scenario, which has the leases too. */
export async function postgresAndRedis(programs: { postgres: string; redis: string }): Promise<CrashStores> {
  const database = await postgresStore(programs.postgres);
  const redis = await RedisServer.start(programs.redis);
  return {
    fresh: async () => ({
      ...(await database.fresh()),
      REDIS_URL: redis.url,
      REDIS_LEASES: 'true',
      REDIS_KEY_PREFIX: `crash-${randomBytes(6).toString('hex')}`,
    }),
    remove: async () => {
      await redis.close();
      await database.remove();
    },
  };
}
