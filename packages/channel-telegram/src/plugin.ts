import {
  ChannelAdapter,
  Clock,
  HealthCheck,
  HttpRoutes,
  Leadership,
  Logger,
  OfferedButtons,
  definePlugin,
} from '@dogwatch/core';
import { BotConnection } from './bot-connection.js';
import { telegramConfig } from './config.js';
import { PollingIntake } from './polling-intake.js';
import { TelegramBotConnection } from './telegram-bot-connection.js';
import { TelegramChannel } from './telegram-channel.js';
import { TelegramHealth } from './telegram-health.js';
import { TelegramSettings } from './telegram-settings.js';
import { UpdateIntake } from './update-intake.js';
import { WebhookIntake } from './webhook-intake.js';

/** Telegram as a channel; without a token it adds nothing. When polling, one of several replicas does. */
export const telegramChannel = definePlugin({
  id: 'channel-telegram',
  config: telegramConfig,
  requires: [Clock, Logger, Leadership, OfferedButtons],
  register({ bind, contribute }, { botToken, ...rest }) {
    if (botToken === null) return;
    bind(TelegramSettings).toValue({ ...rest, botToken });
    bind(BotConnection).toClass(TelegramBotConnection);
    if (rest.mode === 'polling') bind(UpdateIntake).toClass(PollingIntake);
    else {
      bind(UpdateIntake).toClass(WebhookIntake);
      contribute(HttpRoutes).class(WebhookIntake);
    }
    contribute(ChannelAdapter).class(TelegramChannel);
    contribute(HealthCheck).class(TelegramHealth);
  },
});
