import type { HealthReport, HealthStatus } from '@dogwatch/core';

/** What is known of the connection to Telegram and of the chats, for `/health`. */
export class TelegramStatus {
  private connection: HealthReport = { status: 'ok', message: 'Telegram: this process takes no messages.' };
  private readonly chatProblems = new Map<number, string>();
  private readonly moves = new Map<number, number>();
  private isStandingBy: () => boolean = () => false;

  /** How updates come in. */
  set(status: HealthStatus, message: string): void {
    this.connection = { status, message };
  }

  /** Where another replica may be the one that gets the updates. */
  watchStandby(isStandingBy: () => boolean): void {
    this.isStandingBy = isStandingBy;
  }

  /** A chat refuses messages, in Telegram's words; `null` = it takes them. */
  setChatProblem(chatId: number, description: string | null): void {
    if (description === null) this.chatProblems.delete(chatId);
    else this.chatProblems.set(chatId, description);
  }

  /** A group has got another id. */
  setMoved(chatId: number, newChatId: number): void {
    this.moves.set(chatId, newChatId);
  }

  report(): HealthReport {
    const problems = [
      ...[...this.chatProblems].map(
        ([id, description]) =>
          `Chat ${id} takes no messages (${description}): let the bot in again, or remove the chat from telegram.chats.`,
      ),
      ...[...this.moves].map(
        ([id, newId]) => `Chat ${id} has become ${newId}, which is used: write the new number into telegram.chats.`,
      ),
    ];
    const connection: HealthReport = this.isStandingBy()
      ? { status: 'ok', message: 'Telegram: another replica polls; this one takes over when that one stops.' }
      : this.connection;
    if (problems.length === 0) return connection;
    const status = connection.status === 'down' ? 'down' : 'degraded';
    return { status, message: [connection.message, ...problems].join(' ') };
  }
}
