import { inject, injectable } from '../di/inject.js';
import { AppError } from '../errors/app-error.js';
import { Clock } from '../ports/clock.js';
import type { HostedService } from '../ports/hosted-service.js';
import type { JobKind, JobQueue, JobRequest, JobWorker } from '../ports/job-queue.js';
import { Logger } from '../ports/logger.js';
import { Metrics } from '../ports/metrics.js';
import { checkConcurrency, checkJobKind, checkJobRequest, workerTwiceError } from './check-job.js';
import { JobAttempts } from './job-attempts.js';
import { MemoryJobLane } from './memory-job-lane.js';

/** How long jobs at work may take to end by themselves once the queue closes. */
export const JOB_GRACE_MS = 4_000;

/** Keeps jobs in this process: enough for one replica, and gone with it. */
@injectable()
export class MemoryJobQueue implements JobQueue, HostedService {
  readonly name = 'JobQueue';
  readonly isShared = false;
  private readonly lanes = new Map<string, MemoryJobLane>();
  private readonly attempts: JobAttempts;
  private readonly giveUp = new AbortController();
  private isOpen = false;
  private closing: Promise<void> | null = null;

  constructor(
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) logger: Logger,
    @inject(Metrics) metrics: Metrics,
  ) {
    this.attempts = new JobAttempts(logger, metrics);
  }

  async add(kind: JobKind, request: JobRequest): Promise<void> {
    const policy = checkJobKind(kind);
    checkJobRequest(request);
    if (this.closing !== null) {
      throw new AppError('DW_JOB_QUEUE_UNAVAILABLE', `The queue takes no job '${kind.name}': it is closed.`, {
        isRetryable: true,
        retryAfterMs: 1_000,
      });
    }
    this.lane(policy.name).add(policy, request);
    return Promise.resolve();
  }

  work(kind: JobKind, worker: JobWorker): void {
    const policy = checkJobKind(kind);
    const concurrency = checkConcurrency(worker.concurrency);
    const lane = this.lane(policy.name);
    if (lane.hasWorker) throw workerTwiceError(policy.name);
    lane.work(policy, worker, concurrency);
  }

  open(): void {
    this.isOpen = true;
    for (const lane of this.lanes.values()) lane.open();
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private lane(name: string): MemoryJobLane {
    let lane = this.lanes.get(name);
    if (lane === undefined) {
      lane = new MemoryJobLane({ clock: this.clock, attempts: this.attempts, signal: this.giveUp.signal });
      if (this.isOpen) lane.open();
      this.lanes.set(name, lane);
    }
    return lane;
  }

  private async finish(): Promise<void> {
    this.isOpen = false;
    const ended = Promise.all([...this.lanes.values()].map((lane) => lane.close()));
    const isOver = new AbortController();
    const grace = this.clock.sleep(JOB_GRACE_MS, isOver.signal).catch(() => undefined);
    await Promise.race([ended, grace]);
    isOver.abort();
    this.giveUp.abort(new AppError('DW_APP_STOPPED', 'The queue of jobs closes.'));
  }
}
