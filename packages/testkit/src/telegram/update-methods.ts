import { TelegramFailure, badRequest } from './telegram-failure.js';
import { telegramLimits } from './telegram-limits.js';
import type { UpdateQueue } from './update-queue.js';
import { WebhookSender } from './webhook-sender.js';
import type { WebhookDelivery, WebhookSenderOptions } from './webhook-sender.js';
import type { CallParameters } from './bot-methods.js';

type SenderSettings = Pick<WebhookSenderOptions, 'retryMs' | 'route'>;

const maxPollSeconds = 50;
const webhookPorts = ['', '443', '80', '88', '8443'];

function checkUrl(text: unknown): string {
  const url = URL.canParse(String(text)) ? new URL(String(text)) : null;
  if (url?.protocol !== 'https:') throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  if (!webhookPorts.includes(url.port)) {
    throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
  }
  return String(text);
}

function checkSecret(secret: unknown): string | null {
  if (secret === undefined) return null;
  if (/^[A-Za-z0-9_-]{1,256}$/.test(String(secret))) return String(secret);
  throw badRequest('secret token contains unallowed characters');
}

/** How updates get to the bot: by `getUpdates` or to its webhook, never both. */
export class UpdateMethods {
  private sender: WebhookSender | null = null;
  private readonly ended: WebhookDelivery[] = [];

  constructor(
    private readonly queue: UpdateQueue,
    private readonly settings: SenderSettings,
  ) {
    queue.onUpdate = (update) => this.sender?.send(update);
  }

  /** All that was sent to webhooks, oldest first. */
  get deliveries(): readonly WebhookDelivery[] {
    return [...this.ended, ...(this.sender?.deliveries ?? [])];
  }

  get secretToken(): string | null {
    return this.sender?.target.secretToken ?? null;
  }

  async stop(): Promise<void> {
    const { sender } = this;
    this.sender = null;
    await sender?.stop();
    this.ended.push(...(sender?.deliveries ?? []));
  }

  /** The answer to a method, or `null` when it is none of these. */
  call(method: string, parameters: CallParameters, signal: AbortSignal): Promise<unknown> | null {
    switch (method) {
      case 'getUpdates':
        return this.getUpdates(parameters, signal);
      case 'setWebhook':
        return this.setWebhook(parameters);
      case 'deleteWebhook':
        return this.deleteWebhook(parameters);
      case 'getWebhookInfo':
        return Promise.resolve(this.info());
      default:
        return null;
    }
  }

  private async getUpdates(parameters: CallParameters, signal: AbortSignal): Promise<unknown> {
    if (this.sender !== null) {
      throw new TelegramFailure(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    this.allow(parameters);
    const { offset = 0, limit = telegramLimits.updatesAtOnce, timeout = 0 } = parameters;
    const timeoutMs = Math.min(Number(timeout), maxPollSeconds) * 1_000;
    return this.queue.poll({ offset: Number(offset), limit: Number(limit), timeoutMs, signal });
  }

  private async setWebhook(parameters: CallParameters): Promise<boolean> {
    if (parameters['url'] === '' || parameters['url'] === undefined) return this.deleteWebhook(parameters);
    const target = { url: checkUrl(parameters['url']), secretToken: checkSecret(parameters['secret_token']) };
    this.allow(parameters);
    if (parameters['drop_pending_updates'] === true) this.queue.clear();
    this.queue.interrupt('setWebhook request');
    await this.stop();
    this.sender = new WebhookSender(target, { queue: this.queue, ...this.settings });
    return true;
  }

  private async deleteWebhook(parameters: CallParameters): Promise<boolean> {
    if (parameters['drop_pending_updates'] === true) this.queue.clear();
    await this.stop();
    return true;
  }

  private info() {
    const { sender } = this;
    return {
      url: sender?.target.url ?? '',
      has_custom_certificate: false,
      pending_update_count: this.queue.size,
      ...(sender?.lastError ? { last_error_message: sender.lastError } : {}),
    };
  }

  private allow(parameters: CallParameters): void {
    const allowed = parameters['allowed_updates'];
    if (Array.isArray(allowed)) this.queue.allow(allowed as readonly string[]);
  }
}
