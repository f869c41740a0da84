export { telegramConfig, type TelegramConfig } from './config.js';
export { telegramChannel } from './plugin.js';
export { TelegramChannel } from './telegram-channel.js';
export { WEBHOOK_PATH } from './webhook-intake.js';
