import { TelegramFailure } from './telegram-failure.js';
import { telegramLimits } from './telegram-limits.js';
import type { TelegramUpdate, UpdateContent } from './telegram-objects.js';

interface Waiter {
  readonly end: (failure: TelegramFailure | null) => void;
}

/** What `getUpdates` asks for. */
export interface UpdatesRequest {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutMs: number;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
}

// What a bot gets when it has never said what it wants.
const unlessAsked = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);
const firstUpdateId = 730_000_001;

/** The updates of one bot that it has not confirmed yet. */
export class UpdateQueue {
  private pending: TelegramUpdate[] = [];
  private nextId = firstUpdateId;
  private waiter: Waiter | null = null;
  private allowed: readonly string[] | null = null;

  /** Called when an update has come. */
  onUpdate: (update: TelegramUpdate) => void = () => undefined;

  get size(): number {
    return this.pending.length;
  }

  /** Says which updates are wanted from now on; an empty list = the usual ones. */
  allow(types: readonly string[]): void {
    this.allowed = types.length === 0 ? null : types;
  }

  /** Adds an update and answers its id; `null` when the bot does not want its type. */
  add(content: UpdateContent): number | null {
    const [type = ''] = Object.keys(content);
    if (this.allowed === null ? unlessAsked.has(type) : !this.allowed.includes(type)) return null;
    const update: TelegramUpdate = { update_id: this.nextId++, ...content };
    this.pending.push(update);
    this.waiter?.end(null);
    this.onUpdate(update);
    return update.update_id;
  }

  /** The oldest ones that are not confirmed. */
  list(): readonly TelegramUpdate[] {
    return this.pending;
  }

  remove(updateId: number): void {
    this.pending = this.pending.filter((update) => update.update_id !== updateId);
  }

  clear(): void {
    this.pending = [];
  }

  /** Ends the poll that is waiting, in the server's words; nothing happens when none is. */
  interrupt(
    by: 'other getUpdates request; make sure that only one bot instance is running' | 'setWebhook request',
  ): void {
    this.waiter?.end(new TelegramFailure(409, `Conflict: terminated by ${by}`));
  }

  /** Confirms what is before the offset and answers what comes from there, or nothing when the time is over. */
  async poll({ offset, limit, timeoutMs, signal }: UpdatesRequest): Promise<readonly TelegramUpdate[]> {
    this.interrupt('other getUpdates request; make sure that only one bot instance is running');
    if (offset < 0) this.pending = this.pending.slice(offset);
    else this.pending = this.pending.filter((update) => update.update_id >= offset);
    if (this.pending.length === 0 && timeoutMs > 0) await this.wait(timeoutMs, signal);
    return this.pending.slice(0, Math.min(limit, telegramLimits.updatesAtOnce));
  }

  private async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const end = (failure: TelegramFailure | null): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        if (this.waiter === waiter) this.waiter = null;
        if (failure === null) resolve();
        else reject(failure);
      };
      const onAbort = (): void => end(null);
      const waiter: Waiter = { end };
      const timer = setTimeout(() => end(null), timeoutMs);
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiter = waiter;
      if (signal.aborted) end(null);
    });
  }
}
