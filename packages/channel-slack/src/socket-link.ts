import { isAppError } from '@dogwatch/core';
import type { AppError, Clock, Logger } from '@dogwatch/core';
import { SocketModeReceiver } from '@slack/bolt';
import type { App } from '@slack/bolt';
import { boltLogger } from './bolt-logger.js';
import { translateSlackError } from './slack-error.js';
import type { SlackEnvelope } from './slack-relay.js';
import type { SlackSettings } from './slack-settings.js';
import { clientOptions } from './slack-web.js';

/** What the link is made of. */
export interface SocketLinkParts {
  readonly settings: SlackSettings;
  readonly appToken: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Resolves with the content of the acknowledgement when a delivery is stored. */
  process(envelope: SlackEnvelope): Promise<unknown>;
}

type Client = SocketModeReceiver['client'];

const connectWithinMs = 15_000;
const closeWithinMs = 2_000;
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
// A connection that ends sooner was none; to open the next at once would never end.
const soonMs = 5_000;

/**
 * Socket Mode under supervision. The SDK's own reconnecting ends the process by an unhandled rejection when Slack refuses to open a
 * connection, and acknowledges events before they are stored; both are done here instead.
 */
export class SocketLink {
  private readonly client: Client;
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;
  private isUp = false;

  constructor(private readonly parts: SocketLinkParts) {
    const { settings, appToken, logger } = parts;
    const receiver = new SocketModeReceiver({
      appToken,
      logger: boltLogger(logger),
      autoReconnectEnabled: false,
      installerOptions: { clientOptions: clientOptions(settings, logger) },
      processEventErrorHandler: ({ error }) => {
        logger.warn('slack.not-acknowledged', 'A delivery could not be stored; Slack sends it again', {
          channel: 'slack',
          error,
        });
        return Promise.resolve(false);
      },
    });
    const app = {
      processEvent: async ({ body, retryNum, ack }: Parameters<App['processEvent']>[0]) => {
        await ack((await parts.process({ body, retryNum: retryNum ?? 0, deliveryId: null })) as never);
      },
    };
    receiver.init(app as App);
    this.client = receiver.client;
  }

  get isConnected(): boolean {
    return this.isUp;
  }

  /** Resolves when the first attempt has ended; throws when Slack refuses the token. What fails otherwise is tried again until the stop. */
  async start(): Promise<void> {
    const first = await this.connect();
    if (isAppError(first) && first.code === 'DW_SLACK_TOKEN') throw first;
    this.running = this.keepUp(first);
  }

  async stop(): Promise<void> {
    this.stopping.abort(new Error('the channel stops'));
    await this.disconnect();
    // An attempt that hangs ends itself, and closes what it opened.
    await this.within(closeWithinMs, this.running ?? Promise.resolve());
  }

  /** Answers a promise of the connection's end, or why there is none. */
  private async connect(): Promise<{ readonly ended: Promise<void> } | AppError> {
    const ended = new Promise<void>((resolve) => this.client.once('disconnected', () => resolve()));
    const timer = this.parts.clock.setTimer(() => void this.disconnect(), connectWithinMs);
    try {
      await this.client.start();
      this.isUp = true;
      this.parts.logger.info('slack.connected', 'Connected to Slack by Socket Mode', { channel: 'slack' });
      return { ended };
    } catch (error) {
      return translateSlackError(error ?? new Error('the connection was closed'), 'apps.connections.open');
    } finally {
      timer.cancel();
    }
  }

  private async keepUp(first: Awaited<ReturnType<SocketLink['connect']>>): Promise<void> {
    const { signal } = this.stopping;
    const { clock } = this.parts;
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    let attempt = first;
    let pauseMs = firstPauseMs;
    while (!signal.aborted) {
      if (isAppError(attempt)) {
        this.parts.logger.warn('slack.disconnected', 'Slack cannot be reached by Socket Mode; it is tried again', {
          channel: 'slack',
          error: attempt,
        });
        await this.pause(attempt.retryAfterMs ?? pauseMs);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      } else {
        const since = clock.now();
        await Promise.race([attempt.ended, stopped]);
        this.isUp = false;
        if (clock.now() - since >= soonMs) pauseMs = firstPauseMs;
        else await this.pause(pauseMs);
      }
      if (signal.aborted) break;
      attempt = await this.connect();
    }
    await this.disconnect();
  }

  // The only way a sleep rejects is the stop, which every caller looks for itself.
  private async pause(ms: number): Promise<void> {
    await this.parts.clock.sleep(ms, this.stopping.signal).catch(() => undefined);
  }

  private async disconnect(): Promise<void> {
    // Slack may never answer the close; the SDK waits half a minute for it.
    await this.within(closeWithinMs, this.client.disconnect());
    this.isUp = false;
  }

  private async within(ms: number, ending: Promise<void>): Promise<void> {
    const gaveUp = new AbortController();
    await Promise.race([ending, this.parts.clock.sleep(ms, gaveUp.signal).catch(() => undefined)]);
    gaveUp.abort();
  }
}
