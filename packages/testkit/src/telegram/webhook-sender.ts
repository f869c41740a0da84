import { setTimeout as pause } from 'node:timers/promises';
import type { TelegramUpdate } from './telegram-objects.js';
import type { UpdateQueue } from './update-queue.js';

/** Where updates are sent. */
export interface WebhookTarget {
  /** As the bot has set it. */
  readonly url: string;
  readonly secretToken: string | null;
}

/** One request that was sent to the bot. */
export interface WebhookDelivery {
  readonly updateId: number;
  /** `null` when there was no answer. */
  readonly status: number | null;
}

/** How deliveries are made. */
export interface WebhookSenderOptions {
  readonly queue: UpdateQueue;
  /** Milliseconds until a refused update is sent again. */
  readonly retryMs: number;
  /** Leads a public address to where it is served, as a reverse proxy does. */
  readonly route: (url: string) => string;
}

/** The chat or person that an update belongs to: updates of one are sent in order, others beside them. */
function lineOf(update: TelegramUpdate): number {
  const { message, edited_message: edited, callback_query: press, my_chat_member: member } = update;
  return message?.chat.id ?? edited?.chat.id ?? press?.message?.chat.id ?? press?.from.id ?? member?.chat.id ?? 0;
}

/** Sends updates to a webhook until each has been taken. */
export class WebhookSender {
  readonly deliveries: WebhookDelivery[] = [];
  lastError: string | null = null;
  private readonly lines = new Map<number, Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    readonly target: WebhookTarget,
    private readonly options: WebhookSenderOptions,
  ) {
    for (const update of options.queue.list()) this.send(update);
  }

  send(update: TelegramUpdate): void {
    const line = lineOf(update);
    const before = this.lines.get(line) ?? Promise.resolve();
    this.lines.set(
      line,
      before.then(() => this.deliver(update)),
    );
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.lines.values());
  }

  private async deliver(update: TelegramUpdate): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const status = await this.post(update);
      if (this.stopping.signal.aborted) return;
      this.deliveries.push({ updateId: update.update_id, status });
      if (status !== null && status >= 200 && status < 300) {
        this.options.queue.remove(update.update_id);
        return;
      }
      this.lastError = status === null ? 'Connection failed' : `Wrong response from the webhook: ${status}`;
      await pause(this.options.retryMs, undefined, { signal: this.stopping.signal }).catch(String);
    }
  }

  private async post(update: TelegramUpdate): Promise<number | null> {
    const { url, secretToken } = this.target;
    try {
      const answer = await fetch(this.options.route(url), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(secretToken === null ? {} : { 'x-telegram-bot-api-secret-token': secretToken }),
        },
        body: JSON.stringify(update),
        signal: this.stopping.signal,
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return null;
    }
  }
}
