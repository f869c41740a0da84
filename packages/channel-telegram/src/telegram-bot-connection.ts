import { Clock, Logger, inject, injectable } from '@dogwatch/core';
import type { BotConnection } from './bot-connection.js';
import type { BotIdentity } from './bot-identity.js';
import { BackOff } from './back-off.js';
import { ChatSender } from './chat-sender.js';
import { refusalError } from './api-answer.js';
import { TelegramApi } from './telegram-api.js';
import { TelegramSettings } from './telegram-settings.js';
import { TelegramStatus } from './telegram-status.js';

interface Me {
  readonly id: number;
  readonly username: string;
}

// Shown by the apps when somebody types a slash.
const commands = [
  { command: 'status', description: 'How Dogwatch and the cluster are' },
  { command: 'incident', description: 'What is open; also show, ack, close, timeline' },
  { command: 'approval', description: 'What waits for a decision' },
  { command: 'k8s', description: 'Look at the cluster: pods, logs, nodes, events' },
  { command: 'pause', description: 'Stop every change' },
  { command: 'help', description: 'Everything that can be said' },
];

/** The connection by the Bot API over HTTPS. */
@injectable()
export class TelegramBotConnection implements BotConnection {
  readonly api: TelegramApi;
  readonly status = new TelegramStatus();
  readonly sender: ChatSender;
  private known: BotIdentity | null = null;
  private readonly backOff: BackOff;

  constructor(
    @inject(TelegramSettings) { botToken, apiRoot }: TelegramSettings,
    @inject(Clock) clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {
    this.api = new TelegramApi(botToken, apiRoot);
    this.sender = new ChatSender({ clock, logger, status: this.status });
    this.backOff = new BackOff(clock, { firstMs: 1_000, maxMs: 60_000 });
  }

  get identity(): BotIdentity | null {
    return this.known;
  }

  async identify(signal: AbortSignal): Promise<BotIdentity | null> {
    while (this.known === null && !signal.aborted) {
      const answer = await this.api.call<Me>('getMe', {}, { signal });
      if (answer.isOk) {
        this.known = { id: answer.result.id, username: answer.result.username };
        await this.publishCommands(signal);
      } else if (!signal.aborted) {
        const error = refusalError(answer.refusal);
        this.status.set(answer.refusal.kind === 'unauthorized' ? 'down' : 'degraded', error.message);
        this.logger.warn('telegram.not-connected', 'Telegram does not say who the bot is', { error });
        await this.backOff.wait(signal, answer.refusal.retryAfterMs ?? 0);
      }
    }
    return this.known;
  }

  private async publishCommands(signal: AbortSignal): Promise<void> {
    const answer = await this.api.call('setMyCommands', { commands }, { signal });
    if (answer.isOk || signal.aborted) return;
    // A convenience: people can type what the apps do not offer.
    this.logger.warn('telegram.commands-not-set', 'The list of commands could not be set', {
      error: refusalError(answer.refusal),
    });
  }
}
