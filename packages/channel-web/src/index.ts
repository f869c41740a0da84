export { webConsoleConfig, type WebConsoleConfig } from './config.js';
export { webConsole } from './plugin.js';
export type { ConsoleMessage } from './render-message.js';
export { WebChannel } from './web-channel.js';
