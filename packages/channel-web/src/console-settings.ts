import { definePort } from '@dogwatch/core';
import type { WebConsoleConfig } from './config.js';

/** The console's settings, for its classes. */
export type ConsoleSettings = WebConsoleConfig;
/** The console's settings, for its classes. */
export const ConsoleSettings = definePort<ConsoleSettings>('channel-web.ConsoleSettings');
