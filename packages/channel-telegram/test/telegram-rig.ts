import {
  HttpEndpoint,
  HttpRoutes,
  LeaseLeadership,
  PrometheusMetrics,
  Secret,
  SoleLeadership,
  createApp,
  definePlugin,
  httpServer,
  memoryStore,
} from '@dogwatch/core';
import type { Clock, LeaseStore, OfferedButtons } from '@dogwatch/core';
import { TelegramChannel } from '@dogwatch/channel-telegram';
import type { TelegramConfig } from '@dogwatch/channel-telegram';
import { FakeTelegram, RecordingLogger } from '@dogwatch/testkit';
import type { FakeTelegramOptions, TelegramUser } from '@dogwatch/testkit';
import { PollingIntake } from '../dist/polling-intake.js';
import { TelegramBotConnection } from '../dist/telegram-bot-connection.js';
import type { UpdateIntake } from '../dist/update-intake.js';
import { WebhookIntake } from '../dist/webhook-intake.js';
import { TickingClock } from './ticking-clock.js';

/** The secret that the webhook of these tests is registered with. */
export const WEBHOOK_SECRET = 'a-secret-of-these-tests';

const publicUrl = 'https://dogwatch.example';

/** The approvals as these tests decide them; buttons of the others are offered. */
export class FakeOfferedButtons implements OfferedButtons {
  readonly decided = new Set<string>();
  asked = 0;
  failure: Error | null = null;

  isOffered({ approvalId }: Parameters<OfferedButtons['isOffered']>[0]): Promise<boolean> {
    this.asked++;
    return this.failure === null ? Promise.resolve(!this.decided.has(approvalId)) : Promise.reject(this.failure);
  }
}

/** A channel with its Telegram, on a clock that runs fast. */
export interface TelegramRig {
  readonly telegram: FakeTelegram;
  readonly adapter: TelegramChannel;
  readonly connection: TelegramBotConnection;
  readonly clock: TickingClock;
  readonly logger: RecordingLogger;
  readonly offered: FakeOfferedButtons;
  readonly anna: TelegramUser;
  readonly bert: TelegramUser;
  /** Where the webhook is served on this machine; `null` when polling. */
  readonly webhookUrl: string | null;
  stop(): Promise<void>;
}

/** How a rig is set up. */
export interface RigOptions {
  readonly mode?: TelegramConfig['mode'];
  readonly settings?: Partial<TelegramConfig>;
  readonly telegram?: FakeTelegramOptions;
  /** Called with what the settings need, and the chats that there are otherwise; wins over `settings`. */
  readonly configure?: (telegram: FakeTelegram, chats: TelegramConfig['chats']) => Partial<TelegramConfig>;
  readonly leases?: LeaseStore;
}

/** Settings as `loadConfig` gives them. */
export function telegramSettings(overrides: Partial<TelegramConfig> = {}): TelegramConfig {
  const isWebhook = overrides.mode === 'webhook';
  return {
    botToken: null,
    mode: 'polling',
    publicUrl: isWebhook ? publicUrl : null,
    webhookSecret: isWebhook ? new Secret(WEBHOOK_SECRET) : null,
    chats: [],
    people: [],
    apiRoot: 'https://api.telegram.org',
    ...overrides,
  };
}

async function serve(intake: WebhookIntake, logger: RecordingLogger): Promise<{ url: string; stop(): Promise<void> }> {
  const routes = definePlugin({
    id: 'routes',
    register: ({ contribute }) => contribute(HttpRoutes).value(intake),
  });
  const http = httpServer({
    host: '127.0.0.1',
    port: 0,
    token: new Secret('correct-horse'),
    dataFolder: '/nonexistent',
    rateLimitPerMinute: 1_000,
    webhookRateLimitPerMinute: 10_000,
    trustedProxies: 0,
    drainSeconds: 0,
  });
  const app = createApp({
    plugins: [memoryStore(), http, routes()],
    core: { logger, metrics: new PrometheusMetrics() },
  });
  await app.start();
  return { url: app.get(HttpEndpoint).url as string, stop: () => app.stop() };
}

/** A second channel of the same bot, as another replica has it. */
export function makeReplica(
  { telegram, clock }: { readonly telegram: FakeTelegram; readonly clock: Clock },
  { settings, leases }: { readonly settings: TelegramConfig; readonly leases?: LeaseStore | undefined },
) {
  const logger = new RecordingLogger();
  const own = { ...settings, apiRoot: telegram.apiRoot, botToken: new Secret(telegram.token) };
  const connection = new TelegramBotConnection(own, clock, logger);
  const leadership =
    leases === undefined ? new SoleLeadership(clock, logger) : new LeaseLeadership(leases, clock, logger, leases);
  const intake: UpdateIntake =
    own.mode === 'polling'
      ? new PollingIntake(connection, own, leadership, clock, logger)
      : new WebhookIntake(connection, own, clock, logger);
  const offered = new FakeOfferedButtons();
  const adapter = new TelegramChannel(own, connection, intake, clock, logger, offered);
  return { logger, connection, intake, offered, adapter };
}

/** Starts a Telegram, and makes a channel on it that is not started. */
export async function startRig(options: RigOptions = {}): Promise<TelegramRig> {
  const { mode = 'polling' } = options;
  const clock = new TickingClock();
  let server: { url: string; stop(): Promise<void> } | null = null;
  const telegram = await FakeTelegram.start({
    now: () => clock.now(),
    routeWebhook: (url) => url.replace(publicUrl, server?.url ?? publicUrl),
    ...options.telegram,
  });
  const anna = telegram.addPerson('Anna');
  const bert = telegram.addPerson('Bert');
  const chats = [{ id: anna.id, topic: null, post: true }];
  const overrides = { chats, people: [bert.id], ...options.settings, ...options.configure?.(telegram, chats) };
  const settings = telegramSettings({ ...overrides, mode });
  const replica = makeReplica({ telegram, clock }, { settings, leases: options.leases });
  if (replica.intake instanceof WebhookIntake) server = await serve(replica.intake, replica.logger);
  return {
    ...replica,
    telegram,
    clock,
    anna,
    bert,
    webhookUrl: server === null ? null : `${server.url}/api/webhook/telegram`,
    async stop() {
      await replica.adapter.stop();
      await telegram.stop();
      await server?.stop();
      await clock.stop();
    },
  };
}
