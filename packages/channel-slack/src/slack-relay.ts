import type { Logger } from '@dogwatch/core';
import { App } from '@slack/bolt';
import type { Receiver } from '@slack/bolt';
import { boltLogger } from './bolt-logger.js';
import { ACTION_PATTERN } from './button-action.js';
import { SLASH_COMMANDS } from './slack-manifest.js';
import { clientOptions } from './slack-web.js';
import type { SlackIdentity } from './slack-web.js';
import type { SlackSettings } from './slack-settings.js';

/** What is done with each kind of delivery; resolves when it is stored, rejects when it is not. */
export interface SlackHandlers {
  takeMessage(body: unknown, deliveryId: string | null): Promise<void>;
  takePress(body: unknown, deliveryId: string | null): Promise<void>;
  /** Answers what only the person who typed it sees, or `null`. */
  takeCommand(body: unknown, deliveryId: string | null): Promise<string | null>;
  identity(): SlackIdentity | null;
}

/** A delivery as it came, by either way. */
export interface SlackEnvelope {
  readonly body: Readonly<Record<string, unknown>>;
  /** The how-manieth redelivery it is; 0 = the first. */
  readonly retryNum: number;
  /** Names this one delivery; `null` where it has no signature to be known by. */
  readonly deliveryId: string | null;
}

// Bolt hands it from the receiver to the listeners under this name.
const deliveryKey = 'deliveryId';

function deliveryOf(context: Readonly<Record<string, unknown>>): string | null {
  const id = context[deliveryKey];
  return typeof id === 'string' ? id : null;
}

/**
 * Bolt behind a receiver of our own: it acknowledges when the handlers are through, whereas Bolt by itself acknowledges events before
 * anybody has stored them.
 */
export class SlackRelay implements Receiver {
  private app: App | null = null;

  constructor(settings: SlackSettings, logger: Logger, handlers: SlackHandlers) {
    const app = new App({
      receiver: this,
      // Given, so that Bolt does not ask Slack who it is at every event.
      authorize: () => {
        const who = handlers.identity();
        const known = who === null ? {} : { botId: who.botId, botUserId: who.botUserId };
        return Promise.resolve({ botToken: settings.botToken.reveal(), ...known });
      },
      convoStore: false,
      logger: boltLogger(logger),
      clientOptions: clientOptions(settings, logger),
    });
    app.event('message', ({ body, context }) => handlers.takeMessage(body, deliveryOf(context)));
    app.action(ACTION_PATTERN, ({ body, context }) => handlers.takePress(body, deliveryOf(context)));
    for (const { command } of SLASH_COMMANDS) {
      app.command(command, async ({ body, ack, context }) => {
        const text = await handlers.takeCommand(body, deliveryOf(context));
        if (text !== null) await ack({ response_type: 'ephemeral', text });
      });
    }
    app.error((error) => Promise.reject(error));
  }

  init(app: App): void {
    this.app = app;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  /** Gives a delivery to the handlers; answers what the acknowledgement carries, if anything. Rejects when it must not be acknowledged. */
  async process({ body, retryNum, deliveryId }: SlackEnvelope): Promise<unknown> {
    let answer: unknown;
    await this.app?.processEvent({
      body,
      retryNum,
      customProperties: { [deliveryKey]: deliveryId },
      ack: (response: unknown) => {
        answer = response;
        return Promise.resolve();
      },
    });
    return answer;
  }
}
