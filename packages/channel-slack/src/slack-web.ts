import { isAppError } from '@dogwatch/core';
import type { Counter, Logger, Metrics, AppError } from '@dogwatch/core';
import { webApi } from '@slack/bolt';
import { boltLogger } from './bolt-logger.js';
import type { Block, RenderedMessage } from './render-message.js';
import { refusalWord, translateSlackError } from './slack-error.js';
import type { SlackSettings } from './slack-settings.js';

/** Milliseconds that one call may take. */
export const CALL_TIMEOUT_MS = 10_000;

/** Who the bot is. */
export interface SlackIdentity {
  readonly botUserId: string;
  readonly botId: string;
  readonly teamId: string;
}

/** Options of the SDK's clients: one try, ended in time; who calls decides about another. */
export function clientOptions(settings: SlackSettings, logger: Logger) {
  return {
    slackApiUrl: settings.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_TIMEOUT_MS,
    logger: boltLogger(logger),
  };
}

// What a message to edit may have become; it is posted anew then.
const goneWords = ['message_not_found', 'cant_update_message', 'edit_window_closed'];

/** The calls of Slack's Web API that the channel makes; every failure is an `AppError`. */
export class SlackWeb {
  /** What the newest call ended with; `null` = well. */
  lastFailure: AppError | null = null;
  private readonly client: InstanceType<typeof webApi.WebClient>;
  private readonly counter: Counter;

  constructor(settings: SlackSettings, logger: Logger, metrics: Metrics) {
    this.client = new webApi.WebClient(settings.botToken.reveal(), clientOptions(settings, logger));
    this.counter = metrics.counter({
      name: 'dogwatch_slack_calls_total',
      help: "Calls of Slack's Web API.",
      labels: ['method', 'result'],
    });
  }

  async identify(): Promise<SlackIdentity> {
    const who = await this.call('auth.test', {});
    return { botUserId: String(who['user_id']), botId: String(who['bot_id']), teamId: String(who['team_id']) };
  }

  /** Posts a message and answers its `ts`. */
  async post(channel: string, message: RenderedMessage, threadTs: string | null): Promise<string> {
    const posted = await this.call('chat.postMessage', {
      channel,
      ...content(message),
      // Nothing in a message may fetch an address, or notify by a name in it.
      unfurl_links: false,
      unfurl_media: false,
      ...(threadTs === null ? {} : { thread_ts: threadTs }),
    });
    return String(posted['ts']);
  }

  /** Replaces a message; false when it is not there any more. */
  async edit(channel: string, ts: string, message: RenderedMessage): Promise<boolean> {
    try {
      await this.call('chat.update', { channel, ts, ...content(message) });
      return true;
    } catch (error) {
      if (isAppError(error) && goneWords.includes(refusalWord(error) ?? '')) return false;
      throw error;
    }
  }

  /** The direct message with a person. */
  async openDirect(userId: string): Promise<string> {
    const opened = await this.call('conversations.open', { users: userId });
    return String((opened['channel'] as { id?: unknown } | undefined)?.id);
  }

  /** What a message says now; `null` when it is not there. */
  async read(channel: string, ts: string): Promise<RenderedMessage | null> {
    const found = await this.call('conversations.replies', { channel, ts, limit: 1, inclusive: true });
    const messages = found['messages'] as
      readonly { ts?: string; text?: string; blocks?: readonly Block[] }[] | undefined;
    const message = messages?.find((one) => one.ts === ts);
    return message === undefined ? null : { text: message.text ?? '', blocks: message.blocks ?? [] };
  }

  private async call(method: string, args: Record<string, unknown>): Promise<Readonly<Record<string, unknown>>> {
    try {
      const result = await this.client.apiCall(method, args);
      this.lastFailure = null;
      this.counter.increment({ method, result: 'ok' });
      return result as unknown as Readonly<Record<string, unknown>>;
    } catch (error) {
      const failure = translateSlackError(error, method);
      const word = refusalWord(failure);
      // That a message was deleted says nothing about the connection.
      this.lastFailure = word !== null && goneWords.includes(word) ? null : failure;
      this.counter.increment({ method, result: failure.code });
      throw failure;
    }
  }
}

function content({ text, blocks }: RenderedMessage): Record<string, unknown> {
  return { text, blocks, parse: 'none', link_names: false };
}
