import { ChannelAdapter, Clock, HttpRoutes, LiveFeed, Logger, definePlugin } from '@dogwatch/core';
import { webConsoleConfig } from './config.js';
import { ConsoleChat } from './console-chat.js';
import { ConsoleMessageRoutes } from './console-message-routes.js';
import { ConsolePageRoutes } from './console-page-routes.js';
import { ConsoleSettings } from './console-settings.js';
import { WebChannel } from './web-channel.js';

/** The console in the browser: its page, and the channel `web`. */
export const webConsole = definePlugin({
  id: 'channel-web',
  config: webConsoleConfig,
  requires: [Clock, Logger],
  register({ bind, contribute }, config) {
    bind(ConsoleSettings).toValue(config);
    bind(ConsoleChat).toClass(WebChannel);
    contribute(ChannelAdapter).class(WebChannel);
    contribute(LiveFeed).class(WebChannel);
    contribute(HttpRoutes).class(ConsoleMessageRoutes);
    contribute(HttpRoutes).class(ConsolePageRoutes);
  },
});
