import type { Clock } from '@dogwatch/core';

const everyMs = 10_000;
const maxChats = 1_000;

/** Lets a chat be answered by rote now and then only, so that strangers cannot make the bot busy. */
export class RefusalLimit {
  private readonly answeredAt = new Map<number, number>();

  constructor(private readonly clock: Clock) {}

  /** Whether the chat may be answered now; counts as an answer when it may. */
  mayRefuse(chatId: number): boolean {
    const now = this.clock.now();
    if (now - (this.answeredAt.get(chatId) ?? -Infinity) < everyMs) return false;
    if (this.answeredAt.size >= maxChats) this.answeredAt.clear();
    this.answeredAt.set(chatId, now);
    return true;
  }
}
