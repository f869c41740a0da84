import { definePlugin } from '../plugin/define-plugin.js';
import { Clock } from '../ports/clock.js';
import { IncidentLog } from '../ports/incident-log.js';
import { JobQueue } from '../ports/job-queue.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import { QueuedRunWakeups } from './queued-run-wakeups.js';
import { RunWakeups } from './run-wakeups.js';

/** Lets the queue of jobs tell one worker of all replicas when a run can go on; beside `approvals`, and a queue that replicas share. */
export const runQueue = definePlugin({
  id: 'core-run-queue',
  requires: [Clock, IncidentLog, JobQueue, Logger, Metrics],
  provides: [RunWakeups],
  replaces: [RunWakeups],
  register({ bind }) {
    bind(RunWakeups).toClass(QueuedRunWakeups);
  },
});
