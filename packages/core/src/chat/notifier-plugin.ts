import { definePlugin } from '../plugin/define-plugin.js';
import { Clock } from '../ports/clock.js';
import { HostedService } from '../ports/hosted-service.js';
import { IncidentLog } from '../ports/incident-log.js';
import { Logger } from '../ports/logger.js';
import { Notifier } from '../ports/notifier.js';
import { ThreadSource } from '../ports/thread-source.js';
import { IncidentThreads } from './incident-threads.js';
import { LiveNotifier } from './live-notifier.js';

/** Shows live messages in the rooms of all channels. Apart from `chat`, since approvals need it and the chat needs approvals. */
export const notifier = definePlugin({
  id: 'core-notifier',
  requires: [Clock, IncidentLog, Logger],
  provides: [Notifier],
  register({ bind, contribute }) {
    bind(Notifier).toClass(LiveNotifier);
    contribute(HostedService).class(LiveNotifier);
    contribute(ThreadSource).class(IncidentThreads);
  },
});
