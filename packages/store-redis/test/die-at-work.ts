import { createApp, createLogger, JobQueue, processEnvironment, Secret } from '@dogwatch/core';
import { redisStore } from '@dogwatch/store-redis';

// A replica that takes one job up and is killed over it.
const env = processEnvironment();
const app = createApp({
  plugins: [
    redisStore({
      url: new Secret(env['REDIS_URL'] ?? ''),
      keyPrefix: env['REDIS_KEY_PREFIX'] ?? '',
      tlsCaFile: null,
      leases: false,
      connectTimeoutMs: 2_000,
      commandTimeoutMs: 2_000,
      jobLockMs: 1_000,
    }),
  ],
  core: { logger: createLogger({ level: 'error', sink: process.stderr }) },
});
app.get(JobQueue).work(
  { name: 'wake-up' },
  {
    run: () => {
      process.stdout.write('at work\n');
      return new Promise(() => undefined);
    },
  },
);
await app.start();
