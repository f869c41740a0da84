import { definePort } from '@dogwatch/core';
import type { BotIdentity } from './bot-identity.js';
import type { ChatSender } from './chat-sender.js';
import type { TelegramApi } from './telegram-api.js';
import type { TelegramStatus } from './telegram-status.js';

/** The one connection to the Bot API that all parts of the channel share. */
export interface BotConnection {
  readonly api: TelegramApi;
  readonly sender: ChatSender;
  readonly status: TelegramStatus;
  /** Who the bot is; `null` until Telegram has said so. */
  readonly identity: BotIdentity | null;
  /** Asks until Telegram says who the bot is; `null` when the signal aborts first. */
  identify(signal: AbortSignal): Promise<BotIdentity | null>;
}
export const BotConnection = definePort<BotConnection>('channel-telegram.BotConnection');
