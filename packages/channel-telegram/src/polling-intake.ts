import { Clock, Leadership, Logger, inject, injectable } from '@dogwatch/core';
import type { Campaign } from '@dogwatch/core';
import { refusalError } from './api-answer.js';
import type { ApiRefusal } from './api-answer.js';
import { BackOff } from './back-off.js';
import { BotConnection } from './bot-connection.js';
import type { BotIdentity } from './bot-identity.js';
import { TelegramSettings } from './telegram-settings.js';
import type { TakeUpdate, UpdateIntake } from './update-intake.js';
import { WANTED_UPDATES } from './update-schema.js';
import { WEBHOOK_PATH } from './webhook-intake.js';

/** Seconds that Telegram keeps a poll waiting when there is nothing new. */
export const POLL_SECONDS = 25;

const answerMarginMs = 10_000;
const confirmTimeoutMs = 2_000;

interface NumberedUpdate {
  readonly update_id: number;
}

/** Long polling by one replica at a time: asks for updates, and confirms each only after it has been stored. */
@injectable()
export class PollingIntake implements UpdateIntake {
  private readonly failures: BackOff;
  private readonly refusals: BackOff;
  private readonly leaseName: string;
  private campaign: Campaign | null = null;
  private offset = 0;

  constructor(
    @inject(BotConnection) private readonly connection: BotConnection,
    @inject(TelegramSettings) { botToken }: TelegramSettings,
    @inject(Leadership) private readonly leadership: Leadership,
    @inject(Clock) clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {
    // A token begins with the id of its bot.
    this.leaseName = `telegram/${botToken.reveal().split(':')[0] ?? ''}`;
    this.failures = new BackOff(clock, { firstMs: 1_000, maxMs: 60_000 });
    this.refusals = new BackOff(clock, { firstMs: 1_000, maxMs: 30_000 });
  }

  start(take: TakeUpdate): void {
    const campaign = this.leadership.campaign(this.leaseName, (held) => this.run(take, held));
    this.campaign = campaign;
    this.connection.status.watchStandby(() => !campaign.isLeading);
  }

  async stop(): Promise<void> {
    await this.campaign?.stop();
    this.campaign = null;
  }

  private async run(take: TakeUpdate, held: AbortSignal): Promise<void> {
    const bot = await this.connection.identify(held);
    if (bot !== null) await this.pollWhile(held, bot, take);
  }

  private async pollWhile(held: AbortSignal, bot: BotIdentity, take: TakeUpdate): Promise<void> {
    // Everything that was not confirmed comes again, to whoever polls next.
    this.offset = 0;
    // A first poll that does not wait tells whether all is well.
    let waitSeconds = 0;
    while (!held.aborted) {
      const answer = await this.poll(waitSeconds, held);
      if (held.aborted) break;
      if (!answer.isOk) {
        await this.survive(answer.refusal, held);
        // One that does not wait would not notice another poller.
        waitSeconds = answer.refusal.kind === 'conflict' ? POLL_SECONDS : 0;
        continue;
      }
      this.failures.reset();
      this.sayPolling(bot);
      waitSeconds = POLL_SECONDS;
      for (const update of answer.result) {
        if (!(await this.takeUntilDone(update, take, held))) break;
        this.offset = update.update_id + 1;
        this.sayPolling(bot);
      }
    }
    await this.confirm();
  }

  private sayPolling({ username }: BotIdentity): void {
    this.connection.status.set('ok', `Telegram: @${username} polls for updates.`);
  }

  private poll(timeout: number, signal: AbortSignal) {
    const payload = { offset: this.offset, timeout, allowed_updates: WANTED_UPDATES };
    const timeoutMs = timeout * 1_000 + answerMarginMs;
    return this.connection.api.call<readonly NumberedUpdate[]>('getUpdates', payload, { signal, timeoutMs });
  }

  private async takeUntilDone(update: NumberedUpdate, take: TakeUpdate, held: AbortSignal): Promise<boolean> {
    while (!held.aborted) {
      try {
        await take(update);
        this.refusals.reset();
        return true;
      } catch (error) {
        this.connection.status.set('degraded', 'Telegram: messages wait, for the store cannot take them.');
        this.logger.warn('telegram.update-waits', 'An update could not be stored and is tried again', { error });
        await this.refusals.wait(held);
      }
    }
    return false;
  }

  private async survive(refusal: ApiRefusal, held: AbortSignal): Promise<void> {
    const error = refusalError(refusal);
    this.logger.warn('telegram.poll-failed', 'Telegram did not answer a poll with updates', { error });
    if (refusal.kind === 'conflict') {
      if (await this.clearOwnWebhook(held)) return;
    } else {
      this.connection.status.set(refusal.kind === 'unauthorized' ? 'down' : 'degraded', error.message);
    }
    await this.failures.wait(held, refusal.retryAfterMs ?? 0);
  }

  // A webhook that an earlier Dogwatch set, in mode webhook, is in the way; that of another program is left alone.
  private async clearOwnWebhook(signal: AbortSignal): Promise<boolean> {
    const { api, status } = this.connection;
    const info = await api.call<{ readonly url: string }>('getWebhookInfo', {}, { signal });
    const url = info.isOk && URL.canParse(info.result.url) ? new URL(info.result.url) : null;
    if (url?.pathname === WEBHOOK_PATH) return (await api.call('deleteWebhook', {}, { signal })).isOk;
    const message =
      url === null
        ? 'Telegram: another program polls with the same bot token; no replica of this Dogwatch does, for this one leads. Stop it, or give this Dogwatch a bot of its own.'
        : `Telegram: a webhook at ${url.host} gets the updates of this bot. Remove it there, or give this Dogwatch a bot of its own.`;
    status.set('degraded', message);
    return false;
  }

  // So that what was taken does not come again to the next poller; if this fails, it does, and is recognised.
  private async confirm(): Promise<void> {
    if (this.offset === 0) return;
    const payload = { offset: this.offset, limit: 1, timeout: 0 };
    const answer = await this.connection.api.call('getUpdates', payload, { timeoutMs: confirmTimeoutMs });
    if (!answer.isOk) {
      this.logger.warn('telegram.confirm-failed', 'The last updates could not be confirmed', {
        error: refusalError(answer.refusal),
      });
    }
  }
}
