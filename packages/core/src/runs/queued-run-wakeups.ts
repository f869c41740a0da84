import { inject, injectable } from '../di/inject.js';
import { Clock } from '../ports/clock.js';
import { IncidentLog } from '../ports/incident-log.js';
import { JobQueue } from '../ports/job-queue.js';
import type { JobKind } from '../ports/job-queue.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import type { Counter } from '../ports/metrics.js';
import { eachOpenRun } from './each-open-run.js';
import type { RunWakeups } from './run-wakeups.js';

/** Attempts are for workers that are about to stop; what stands in the way of a run itself is its drive's affair. */
export const advanceRun: JobKind = { name: 'advance-run', attempts: 10, backoff: { firstMs: 100, maxMs: 2_000 } };

// A job is done as soon as its run is on its way, so this bounds nothing but how many are taken up at a time.
const concurrency = 50;

/** Tells one worker of all replicas, by the queue of jobs; a queue within this process tells nobody else, and is left alone. */
@injectable()
export class QueuedRunWakeups implements RunWakeups {
  private readonly counter: Counter;
  private isFailing = false;

  constructor(
    @inject(JobQueue) private readonly jobs: JobQueue,
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
  ) {
    this.counter = metrics.counter({
      name: 'dogwatch_run_wakeups_total',
      help: 'Wake-ups of runs that were given to the queue of jobs: added, or lost, and then the log has to tell.',
      labels: ['outcome'],
    });
  }

  get areShared(): boolean {
    return this.jobs.isShared;
  }

  soon(runId: string): void {
    if (this.areShared) void this.add(runId, runId, 0);
  }

  at(runId: string, atMs: number): void {
    // A job of its own: of requests with one id the newest stays, and a decision must not give way to a time.
    if (this.areShared) void this.add(`${runId}/due`, runId, Math.max(0, atMs - this.clock.now()));
  }

  everyOpen(): void {
    if (this.areShared) void this.addEveryOpen();
  }

  take(wake: (runId: string) => void): void {
    this.jobs.work(advanceRun, { concurrency, run: ({ payload }) => wake(String(payload['runId'])) });
  }

  private async addEveryOpen(): Promise<void> {
    try {
      await eachOpenRun(this.log, null, (runId) => this.add(runId, runId, 0));
    } catch (error) {
      this.lose(error);
    }
  }

  // Never rejects.
  private async add(id: string, runId: string, delayMs: number): Promise<void> {
    try {
      await this.jobs.add(advanceRun, { id, payload: { runId }, delayMs });
      this.counter.increment({ outcome: 'added' });
      if (this.isFailing) this.logger.info('run_wakeups_back', 'The queue of jobs takes wake-ups of runs again.');
      this.isFailing = false;
    } catch (error) {
      this.lose(error);
    }
  }

  private lose(error: unknown): void {
    this.counter.increment({ outcome: 'lost' });
    if (!this.isFailing) {
      const message =
        'The queue of jobs takes no wake-ups of runs: workers find in the log what goes on, some seconds later.';
      this.logger.warn('run_wakeup_lost', message, { error });
    }
    this.isFailing = true;
  }
}
