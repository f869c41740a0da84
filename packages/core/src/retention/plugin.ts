import { definePlugin } from '../plugin/define-plugin.js';
import { Clock } from '../ports/clock.js';
import { HostedService } from '../ports/hosted-service.js';
import { Leadership } from '../ports/leadership.js';
import { LogArchive } from '../ports/log-archive.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import { Roles } from '../ports/roles.js';
import { RetentionConfig, retentionConfig } from './config.js';
import { LogArchiver } from './log-archiver.js';

/** Archives what ended long ago, on one replica at a time. */
export const retention = definePlugin({
  id: 'core-retention',
  config: retentionConfig,
  requires: [Clock, Leadership, LogArchive, Logger, Metrics, Roles],
  provides: [RetentionConfig],
  register({ bind, contribute }, config) {
    bind(RetentionConfig).toValue(config);
    contribute(HostedService).class(LogArchiver);
  },
});
