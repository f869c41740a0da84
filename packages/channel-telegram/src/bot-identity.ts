/** Who the bot is, as Telegram says. */
export interface BotIdentity {
  readonly id: number;
  /** Without the @. */
  readonly username: string;
}
