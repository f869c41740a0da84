import {
  ChannelAdapter,
  HttpEndpoint,
  HttpRoutes,
  PrometheusMetrics,
  Secret,
  createApp,
  definePlugin,
  definePort,
  httpServer,
  injectEach,
  injectable,
  memoryStore,
} from '@dogwatch/core';
import type { HttpConfig, HttpRoute, Plugin } from '@dogwatch/core';
import { webConsole } from '@dogwatch/channel-web';
import { RecordingLogger } from '@dogwatch/testkit';

/** The access token of every server in these tests. */
export const TOKEN = 'correct-horse';

/** The HTTP settings of these tests: any free port of this machine. */
export function httpSettings(settings: Partial<HttpConfig> = {}): HttpConfig {
  return {
    host: '127.0.0.1',
    port: 0,
    token: new Secret(TOKEN),
    dataFolder: '/nonexistent',
    rateLimitPerMinute: 1_000,
    webhookRateLimitPerMinute: 1_000,
    trustedProxies: 0,
    drainSeconds: 0,
    ...settings,
  };
}

interface Channels {
  readonly all: readonly ChannelAdapter[];
}
const Channels = definePort<Channels>('test.Channels');

@injectable()
class InjectedChannels implements Channels {
  constructor(@injectEach(ChannelAdapter) readonly all: readonly ChannelAdapter[]) {}
}

/** A running server and how to talk to it. */
export interface ConsoleServer {
  readonly url: string;
  /** The console's channel; nobody has started it. */
  readonly channel: ChannelAdapter;
  /** Fetches as nobody. */
  get(path: string, init?: RequestInit): Promise<Response>;
  /** Logs in and answers the headers of that session, Origin included. */
  login(name: string): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

/** Starts the real server of an app with the console and these routes, on memory. */
export async function startConsoleServer(routes: readonly HttpRoute[] = []): Promise<ConsoleServer> {
  const additions = definePlugin({
    id: 'additions',
    register({ bind, contribute }) {
      bind(Channels).toClass(InjectedChannels);
      contribute(HttpRoutes).value({ routes });
    },
  });
  const plugins: readonly Plugin[] = [
    memoryStore(),
    httpServer(httpSettings()),
    webConsole({ messagesKept: 10 }),
    additions(),
  ];
  const core = { logger: new RecordingLogger(), metrics: new PrometheusMetrics() };
  const app = createApp({ plugins, core });
  await app.start();
  const url = app.get(HttpEndpoint).url as string;
  const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${url}${path}`, init);
  return {
    url,
    channel: app.get(Channels).all[0] as ChannelAdapter,
    get,
    login: async (name) => {
      const answer = await get('/api/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: TOKEN, name }),
      });
      const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] as string;
      return { cookie, origin: url, 'content-type': 'application/json' };
    },
    stop: () => app.stop(),
  };
}
