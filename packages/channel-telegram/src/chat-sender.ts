import type { Clock, Logger } from '@dogwatch/core';
import type { ApiAnswer, ApiRefusal } from './api-answer.js';
import { SendRate } from './send-rate.js';
import type { TelegramStatus } from './telegram-status.js';

/** What the sender works with. */
export interface ChatSenderParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly status: TelegramStatus;
}

/** One call that writes in a chat, with the id that the chat has now. */
export type ChatCall<T> = (chatId: number) => Promise<ApiAnswer<T>>;

// What Telegram asks to wait longer than this is given back to the caller, who knows whether it is still worth sending.
const maxWaitMs = 60_000;
const maxWaits = 3;

/** Writes in chats: in order in each, not faster than Telegram takes it, and where a chat has moved to. */
export class ChatSender {
  private readonly lines = new Map<number, Promise<unknown>>();
  private readonly moves = new Map<number, number>();
  private readonly closedUntil = new Map<number, number>();
  private readonly rate: SendRate;

  constructor(private readonly parts: ChatSenderParts) {
    this.rate = new SendRate(parts.clock);
  }

  /** The id that a chat has now. */
  currentId(chatId: number): number {
    return this.moves.get(chatId) ?? chatId;
  }

  /** Whether it is the new id of one of these chats. */
  isNewIdOf(chatId: number, known: (chatId: number) => boolean): boolean {
    return [...this.moves].some(([before, now]) => now === chatId && known(before));
  }

  /** Remembers that a chat has got another id. */
  move(chatId: number, newChatId: number): void {
    if (this.moves.get(chatId) === newChatId) return;
    this.moves.set(chatId, newChatId);
    this.parts.status.setMoved(chatId, newChatId);
    this.parts.logger.warn('telegram.chat-moved', 'A group has become a supergroup, its new id is used', {
      chat: chatId,
      new_chat: newChatId,
    });
  }

  /** Runs a task on a chat after all earlier ones of that chat have ended. */
  async inOrder<T>(chatId: number, task: () => Promise<T>): Promise<T> {
    const before = this.lines.get(chatId) ?? Promise.resolve();
    const result = before.then(task);
    const line = result.catch(() => undefined);
    this.lines.set(chatId, line);
    try {
      return await result;
    } finally {
      if (this.lines.get(chatId) === line) this.lines.delete(chatId);
    }
  }

  /** Makes one call within a task of `inOrder`; waits as long as Telegram asks for, and follows a chat that has moved. */
  async call<T>(chatId: number, call: ChatCall<T>): Promise<ApiAnswer<T>> {
    const { clock, status } = this.parts;
    for (let waits = 0; ;) {
      const current = this.currentId(chatId);
      const refused = this.stillClosed(current);
      if (refused !== null) return { isOk: false, refusal: refused };
      await this.rate.turn(current);
      const answer = await call(current);
      if (answer.isOk) {
        status.setChatProblem(chatId, null);
        return answer;
      }
      const { kind, newChatId, retryAfterMs, description } = answer.refusal;
      if (kind === 'chat-moved' && newChatId !== null && newChatId !== current) {
        this.move(chatId, newChatId);
        continue;
      }
      if (kind === 'chat-closed') status.setChatProblem(chatId, description);
      const waitMs = retryAfterMs ?? 1_000;
      if (kind !== 'wait') return answer;
      if (waitMs > maxWaitMs || ++waits > maxWaits) {
        this.closedUntil.set(current, clock.now() + waitMs);
        return answer;
      }
      await clock.sleep(waitMs);
    }
  }

  private stillClosed(chatId: number): ApiRefusal | null {
    const until = this.closedUntil.get(chatId);
    if (until === undefined) return null;
    const retryAfterMs = until - this.parts.clock.now();
    if (retryAfterMs <= 0) {
      this.closedUntil.delete(chatId);
      return null;
    }
    const description = `Telegram wants no message there for another ${Math.ceil(retryAfterMs / 1_000)} s`;
    return { kind: 'wait', method: 'sendMessage', description, retryAfterMs, newChatId: null };
  }
}
