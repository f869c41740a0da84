import {
  AppError,
  ChannelAdapter,
  Clock,
  HealthCheck,
  HttpRoutes,
  LeaseStore,
  Logger,
  definePlugin,
} from '@dogwatch/core';
import type { Plugin } from '@dogwatch/core';
import { BotConnection } from './bot-connection.js';
import type { TelegramConfig } from './config.js';
import { PollingIntake } from './polling-intake.js';
import { TelegramBotConnection } from './telegram-bot-connection.js';
import { TelegramChannel } from './telegram-channel.js';
import { TelegramHealth } from './telegram-health.js';
import { TelegramSettings } from './telegram-settings.js';
import { UpdateIntake } from './update-intake.js';
import { WebhookIntake } from './webhook-intake.js';

/** Telegram as a channel; long polling needs a `LeaseStore`, so that one replica polls. */
export function telegramChannel(config: TelegramConfig): Plugin {
  const { botToken, ...rest } = config;
  if (botToken === null) {
    throw new AppError(
      'DW_CONFIG_INVALID',
      "The plugin 'channel-telegram' has no token. Set TELEGRAM_BOT_TOKEN, or leave telegramChannel out of createApp.",
    );
  }
  const isPolling = config.mode === 'polling';
  return definePlugin({
    id: 'channel-telegram',
    requires: isPolling ? [Clock, Logger, LeaseStore] : [Clock, Logger],
    register({ bind, contribute }) {
      bind(TelegramSettings).toValue({ ...rest, botToken });
      bind(BotConnection).toClass(TelegramBotConnection);
      if (isPolling) bind(UpdateIntake).toClass(PollingIntake);
      else {
        bind(UpdateIntake).toClass(WebhookIntake);
        contribute(HttpRoutes).class(WebhookIntake);
      }
      contribute(ChannelAdapter).class(TelegramChannel);
      contribute(HealthCheck).class(TelegramHealth);
    },
  })();
}
