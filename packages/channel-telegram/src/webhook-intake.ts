import { AppError, Clock, Logger, constantTimeEqual, inject, injectable, isAppError } from '@dogwatch/core';
import type { HttpRequest, HttpResponse, HttpRoute, HttpRoutes } from '@dogwatch/core';
import { refusalError } from './api-answer.js';
import { BackOff } from './back-off.js';
import { BotConnection } from './bot-connection.js';
import { TelegramSettings } from './telegram-settings.js';
import type { TakeUpdate, UpdateIntake } from './update-intake.js';
import { WANTED_UPDATES } from './update-schema.js';

/** Where Telegram sends updates to. */
export const WEBHOOK_PATH = '/api/webhook/telegram';

const secretHeader = 'x-telegram-bot-api-secret-token';
const retryAfterMs = 5_000;

/** `POST /api/webhook/telegram`: stores an update before it says 200. */
@injectable()
export class WebhookIntake implements UpdateIntake, HttpRoutes {
  private take: TakeUpdate | null = null;
  private stopping = new AbortController();
  private registering: Promise<void> = Promise.resolve();

  constructor(
    @inject(BotConnection) private readonly connection: BotConnection,
    @inject(TelegramSettings) private readonly settings: TelegramSettings,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {}

  get routes(): readonly HttpRoute[] {
    return [
      {
        method: 'POST',
        path: WEBHOOK_PATH,
        auth: 'none',
        rateLimit: 'webhook',
        handle: (request) => this.receive(request),
      },
    ];
  }

  start(take: TakeUpdate): void {
    this.take = take;
    this.stopping = new AbortController();
    this.registering = this.register(this.stopping.signal);
  }

  async stop(): Promise<void> {
    this.take = null;
    this.stopping.abort();
    await this.registering;
  }

  private async receive(request: HttpRequest): Promise<HttpResponse> {
    this.authenticate(request);
    const { take } = this;
    if (take === null || this.connection.identity === null) {
      throw new AppError('DW_CHANNEL_CLOSED', 'Telegram updates are not taken while Dogwatch starts or stops.', {
        retryAfterMs,
      });
    }
    const update = request.json();
    try {
      await take(update);
    } catch (error) {
      const reason = isAppError(error) ? error.message : 'the store failed';
      throw new AppError('DW_CHANNEL_CLOSED', `The update could not be stored: ${reason}`, {
        retryAfterMs,
        cause: error,
      });
    }
    return { status: 200, body: {} };
  }

  private authenticate({ headers, ip }: HttpRequest): void {
    const expected = this.settings.webhookSecret?.reveal() ?? null;
    if (expected !== null && constantTimeEqual(headers[secretHeader] ?? '', expected)) return;
    this.logger.warn('telegram.webhook-refused', 'A request to the webhook came without the right secret', { ip });
    throw new AppError(
      'DW_TELEGRAM_WEBHOOK_SECRET',
      `The webhook of Telegram wants its secret in the header ${secretHeader}.`,
    );
  }

  private async register(signal: AbortSignal): Promise<void> {
    const backOff = new BackOff(this.clock, { firstMs: 1_000, maxMs: 60_000 });
    if ((await this.connection.identify(signal)) === null) return;
    const { publicUrl, webhookSecret } = this.settings;
    const url = new URL(WEBHOOK_PATH, publicUrl ?? undefined).href;
    const payload = { url, secret_token: webhookSecret?.reveal(), allowed_updates: WANTED_UPDATES };
    while (!signal.aborted) {
      const answer = await this.connection.api.call('setWebhook', payload, { signal });
      if (answer.isOk) {
        this.connection.status.set('ok', `Telegram sends updates to ${url}.`);
        this.logger.info('telegram.webhook-set', 'Telegram sends updates to the webhook', { url });
        return;
      }
      if (signal.aborted) return;
      const error = refusalError(answer.refusal);
      this.connection.status.set('degraded', `The webhook ${url} is not set: ${error.message}`);
      this.logger.warn('telegram.webhook-not-set', 'The webhook could not be set', { error });
      await backOff.wait(signal, answer.refusal.retryAfterMs ?? 0);
    }
  }
}
