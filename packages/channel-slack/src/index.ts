export { slackConfig, type SlackConfig } from './config.js';
export { slackChannel } from './plugin.js';
export { renderMessage, renderReplacement, type Block, type RenderedMessage } from './render-message.js';
export { SlackChannel } from './slack-channel.js';
export { BOT_EVENTS, BOT_SCOPES, SLASH_COMMANDS, slackManifest, type SlackManifestOptions } from './slack-manifest.js';
export { SlackSettings, type SlackMode } from './slack-settings.js';
