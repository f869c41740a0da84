import type { TelegramMessage, TelegramUser } from './telegram-objects.js';

/** Whether a bot in privacy mode gets a message of a group, https://core.telegram.org/bots/features#privacy-mode */
export function hearsInPrivacyMode(bot: TelegramUser, message: TelegramMessage): boolean {
  const { text = '', reply_to_message: repliedTo } = message;
  if (repliedTo?.from?.id === bot.id) return true;
  const name = (bot.username ?? '').toLowerCase();
  const [, addressee] = /^\/\w+(?:@(\w+))?/.exec(text) ?? [];
  if (text.startsWith('/')) return addressee === undefined || addressee.toLowerCase() === name;
  return new RegExp(`(?<!\\w)@${name}(?!\\w)`, 'i').test(text);
}
