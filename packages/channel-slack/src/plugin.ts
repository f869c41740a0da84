import { ChannelAdapter, Clock, HealthCheck, HttpRoutes, Logger, Metrics, definePlugin } from '@dogwatch/core';
import { slackConfig } from './config.js';
import { SlackChannel } from './slack-channel.js';
import { SlackSettings } from './slack-settings.js';

/** Slack as a channel; without tokens it adds nothing. */
export const slackChannel = definePlugin({
  id: 'channel-slack',
  config: slackConfig,
  requires: [Clock, Logger, Metrics],
  register({ bind, contribute }, config) {
    if (config === null) return;
    bind(SlackSettings).toValue(config);
    contribute(ChannelAdapter).class(SlackChannel);
    contribute(HttpRoutes).class(SlackChannel);
    contribute(HealthCheck).class(SlackChannel);
  },
});
