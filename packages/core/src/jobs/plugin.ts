import { definePlugin } from '../plugin/define-plugin.js';
import { Clock } from '../ports/clock.js';
import { HostedService } from '../ports/hosted-service.js';
import { JobQueue } from '../ports/job-queue.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import { MemoryJobQueue } from './memory-job-queue.js';

/** Delayed and repeated work within this process; a plugin that shares it between replicas replaces the queue. */
export const jobs = definePlugin({
  id: 'core-jobs',
  requires: [Clock, Logger, Metrics],
  provides: [JobQueue],
  register({ bind, contribute }) {
    bind(JobQueue).toClass(MemoryJobQueue);
    contribute(HostedService).class(MemoryJobQueue);
  },
});
