import { definePlugin } from '../plugin/define-plugin.js';
import { Clock } from '../ports/clock.js';
import { HostedService } from '../ports/hosted-service.js';
import { IncidentLog } from '../ports/incident-log.js';
import { LogTail } from '../ports/log-tail.js';
import { Logger } from '../ports/logger.js';
import { PollingLogTail } from './polling-log-tail.js';

/** Provides `LogTail` on whatever `IncidentLog` the app has. */
export const logTail = definePlugin({
  id: 'core-log-tail',
  requires: [IncidentLog, Clock, Logger],
  provides: [LogTail],
  register({ bind, contribute }) {
    bind(LogTail).toClass(PollingLogTail);
    contribute(HostedService).class(PollingLogTail);
  },
});
