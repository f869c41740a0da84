import { definePort } from '@dogwatch/core';
import type { Secret } from '@dogwatch/core';
import type { TelegramConfig } from './config.js';

/** The settings of a channel that has a token. */
export interface TelegramSettings extends Omit<TelegramConfig, 'botToken'> {
  readonly botToken: Secret;
}
export const TelegramSettings = definePort<TelegramSettings>('channel-telegram.TelegramSettings');
