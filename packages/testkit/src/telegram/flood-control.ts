import { TelegramFailure } from './telegram-failure.js';

/** How many messages one chat may get in a while. */
export interface FloodLimit {
  readonly messages: number;
  readonly perMs: number;
  /** True when it counts in groups alone. */
  readonly inGroups?: boolean;
}

/** Refuses what comes too fast, as the server does. */
export class FloodControl {
  private readonly sent = new Map<number, number[]>();

  constructor(
    private readonly limits: readonly FloodLimit[],
    private readonly now: () => number,
  ) {}

  /** Counts a message to a chat, or throws the 429 that says when the next one may come. */
  check(chatId: number, isGroup: boolean): void {
    const now = this.now();
    const times = this.sent.get(chatId) ?? [];
    for (const { messages, perMs, inGroups = false } of this.limits) {
      if (inGroups && !isGroup) continue;
      const recent = times.filter((at) => at > now - perMs);
      if (recent.length < messages) continue;
      const seconds = Math.max(1, Math.ceil(((recent[0] as number) + perMs - now) / 1_000));
      throw new TelegramFailure(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
    }
    this.sent.set(chatId, [...times, now]);
  }
}
