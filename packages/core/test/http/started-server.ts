import { createApp, createLogger, definePlugin, httpServer, memoryStore } from '@dogwatch/core';
import {
  HttpEndpoint,
  HttpRoutes,
  HealthCheck,
  IncidentLog,
  LiveFeed,
  PrometheusMetrics,
  Secret,
} from '@dogwatch/core';
import type { HttpConfig, HttpRoute } from '@dogwatch/core';

/** The token of every server in these tests. */
export const TOKEN = 'correct-horse';

/** What a test adds to the server. */
export interface ServerParts {
  readonly routes?: readonly HttpRoute[];
  readonly checks?: readonly HealthCheck[];
  readonly feeds?: readonly LiveFeed[];
  readonly config?: Partial<HttpConfig>;
}

/** A running server and how to talk to it. */
export interface StartedServer {
  readonly url: string;
  readonly log: IncidentLog;
  readonly lines: readonly string[];
  /** Fetches with the bearer token unless `headers` say otherwise. */
  get(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

/** Starts the real server of an app on a free port of 127.0.0.1. */
export async function startServer(parts: ServerParts = {}): Promise<StartedServer> {
  const lines: string[] = [];
  const additions = definePlugin({
    id: 'additions',
    register({ contribute }) {
      contribute(HttpRoutes).value({ routes: parts.routes ?? [] });
      for (const check of parts.checks ?? []) contribute(HealthCheck).value(check);
      for (const feed of parts.feeds ?? []) contribute(LiveFeed).value(feed);
    },
  });
  const config: HttpConfig = {
    host: '127.0.0.1',
    port: 0,
    token: new Secret(TOKEN),
    dataFolder: '/nonexistent',
    rateLimitPerMinute: 1_000,
    webhookRateLimitPerMinute: 1_000,
    trustedProxies: 0,
    drainSeconds: 0,
    ...parts.config,
  };
  const app = createApp({
    plugins: [memoryStore(), httpServer(config), additions()],
    core: {
      logger: createLogger({ level: 'debug', sink: { write: (line) => lines.push(line) } }),
      metrics: new PrometheusMetrics(),
    },
  });
  await app.start();
  const url = app.get(HttpEndpoint).url as string;
  return {
    url,
    lines,
    log: app.get(IncidentLog),
    get: (path, init = {}) =>
      fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...init.headers } }),
    stop: () => app.stop(),
  };
}
