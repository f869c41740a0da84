import { createApp, definePlugin, httpServer, HttpEndpoint, HttpRoutes, memoryStore, Secret } from '@dogwatch/core';
import { redisStore, type RedisStoreConfig } from '@dogwatch/store-redis';
import { RecordingLogger } from '@dogwatch/testkit';

const TOKEN = 'correct-horse';
const echo = definePlugin({
  id: 'echo',
  register: ({ contribute }) =>
    contribute(HttpRoutes).value({
      routes: [
        {
          method: 'GET',
          path: '/api/echo',
          auth: 'token',
          rateLimit: 'api',
          handle: () => Promise.resolve({ status: 200, body: {} }),
        },
      ],
    }),
});

/** An app with one route, which is limited. */
export interface EchoApp {
  readonly logger: RecordingLogger;
  get(path: string): Promise<Response>;
  stop(): Promise<void>;
}

/** Starts a replica that takes 60 requests a minute. */
export async function startEchoApp(redis: RedisStoreConfig): Promise<EchoApp> {
  const logger = new RecordingLogger();
  const http = {
    host: '127.0.0.1',
    port: 0,
    token: new Secret(TOKEN),
    dataFolder: '/nonexistent',
    rateLimitPerMinute: 60,
    webhookRateLimitPerMinute: 60,
    trustedProxies: 0,
    drainSeconds: 0,
  };
  const app = createApp({ plugins: [memoryStore(), httpServer(http), echo(), redisStore(redis)], core: { logger } });
  await app.start();
  const url = app.get(HttpEndpoint).url as string;
  return {
    logger,
    get: (path) => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } }),
    stop: () => app.stop(),
  };
}
