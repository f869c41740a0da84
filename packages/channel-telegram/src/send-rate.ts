import type { Clock } from '@dogwatch/core';
import { BOT_RATE, CHAT_RATE, GROUP_RATE } from './telegram-limits.js';
import type { RateLimit } from './telegram-limits.js';

/** Turns that were given, oldest first. */
class Turns {
  private times: number[] = [];

  constructor(private readonly limits: readonly RateLimit[]) {}

  /** When the next turn may be, at the earliest. */
  next(now: number): number {
    const free = this.limits.map(({ messages, perMs }) => {
      const oldest = this.times[this.times.length - messages];
      return oldest === undefined ? now : oldest + perMs;
    });
    return Math.max(now, ...free);
  }

  take(at: number): void {
    const kept = Math.max(...this.limits.map(({ messages }) => messages));
    this.times = [...this.times, at].sort((a, b) => a - b).slice(-kept);
  }

  isIdle(now: number): boolean {
    return this.limits.every(({ perMs }) => (this.times.at(-1) ?? 0) + perMs <= now);
  }
}

const maxChats = 1_000;

/** Spaces messages out, so that Telegram has no reason to refuse them. */
export class SendRate {
  private readonly all = new Turns([BOT_RATE]);
  private readonly chats = new Map<number, Turns>();

  constructor(private readonly clock: Clock) {}

  /** Resolves when the next message to the chat may be sent, and counts it. */
  async turn(chatId: number): Promise<void> {
    const now = this.clock.now();
    const chat = this.turnsOf(chatId, now);
    const at = Math.max(chat.next(now), this.all.next(now));
    chat.take(at);
    this.all.take(at);
    if (at > now) await this.clock.sleep(at - now);
  }

  private turnsOf(chatId: number, now: number): Turns {
    const known = this.chats.get(chatId);
    if (known !== undefined) return known;
    if (this.chats.size >= maxChats) {
      for (const [id, turns] of this.chats) if (turns.isIdle(now)) this.chats.delete(id);
    }
    // The ids of groups are negative.
    const turns = new Turns(chatId < 0 ? [CHAT_RATE, GROUP_RATE] : [CHAT_RATE]);
    this.chats.set(chatId, turns);
    return turns;
  }
}
