import { inject, injectable } from '@dogwatch/core';
import type { HealthCheck, HealthReport } from '@dogwatch/core';
import { BotConnection } from './bot-connection.js';

/** How the connection to Telegram and its chats are. */
@injectable()
export class TelegramHealth implements HealthCheck {
  readonly name = 'telegram';

  constructor(@inject(BotConnection) private readonly connection: BotConnection) {}

  check(): HealthReport {
    return this.connection.status.report();
  }
}
