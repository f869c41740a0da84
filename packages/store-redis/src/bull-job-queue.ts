import {
  AppError,
  checkConcurrency,
  checkJobKind,
  checkJobRequest,
  Clock,
  inject,
  injectable,
  JOB_GRACE_MS,
  JobAttempts,
  Logger,
  Metrics,
  workerTwiceError,
} from '@dogwatch/core';
import type { HostedService, JobKind, JobQueue, JobRequest, JobWorker } from '@dogwatch/core';
import { BullJobLane } from './bull-job-lane.js';
import { RedisStoreConfig } from './config.js';
import type { RedisClient } from './create-client.js';
import { connect, RedisConnections } from './redis-connections.js';
import { translateRedisError } from './redis-error.js';

/** Jobs on Redis by BullMQ, for all replicas together. */
@injectable()
export class BullJobQueue implements JobQueue, HostedService {
  readonly name = 'JobQueue';
  readonly isShared = true;
  private readonly lanes = new Map<string, BullJobLane>();
  private readonly attempts: JobAttempts;
  private readonly requests: RedisClient;
  private readonly opened: RedisClient[] = [];
  private readonly giveUp = new AbortController();
  private connecting: Promise<void> | null = null;
  private isOpen = false;
  private closing: Promise<void> | null = null;

  constructor(
    @inject(RedisStoreConfig) private readonly config: RedisStoreConfig,
    @inject(RedisConnections) private readonly connections: RedisConnections,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
  ) {
    this.attempts = new JobAttempts(logger, metrics);
    this.requests = connections.forJobs('requests');
  }

  async add(kind: JobKind, request: JobRequest): Promise<void> {
    const policy = checkJobKind(kind);
    checkJobRequest(request);
    try {
      if (this.closing !== null) throw new Error('the queue is closed');
      await this.connect();
      await this.lane(policy.name).add(policy, request);
    } catch (error) {
      throw translateRedisError(error, 'DW_JOB_QUEUE_UNAVAILABLE');
    }
  }

  work(kind: JobKind, worker: JobWorker): void {
    const policy = checkJobKind(kind);
    const concurrency = checkConcurrency(worker.concurrency);
    const lane = this.lane(policy.name);
    if (lane.hasWorker) throw workerTwiceError(policy.name);
    lane.work(policy, worker, concurrency);
    if (this.isOpen) lane.open();
  }

  open(): void {
    this.isOpen = true;
    void this.connect();
    for (const lane of this.lanes.values()) lane.open();
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private connect(): Promise<void> {
    this.connecting ??= connect(this.requests);
    return this.connecting;
  }

  private lane(name: string): BullJobLane {
    let lane = this.lanes.get(name);
    if (lane === undefined) {
      lane = new BullJobLane(name, {
        prefix: `{${this.config.keyPrefix}:jobs}`,
        requests: this.requests,
        limits: this.connections.requests,
        blocking: () => this.openBlocking(),
        lockMs: this.config.jobLockMs,
        attempts: this.attempts,
        logger: this.logger,
        signal: this.giveUp.signal,
      });
      this.lanes.set(name, lane);
    }
    return lane;
  }

  private openBlocking(): RedisClient {
    const client = this.connections.forJobs('blocking');
    this.opened.push(client);
    return client;
  }

  private async finish(): Promise<void> {
    this.isOpen = false;
    const isOver = new AbortController();
    const ended = Promise.allSettled([...this.lanes.values()].map((lane) => lane.close()));
    // While Redis is away a worker waits for it, and cannot end: its jobs are taken up by others.
    await Promise.race([ended, this.clock.sleep(JOB_GRACE_MS, isOver.signal).catch(() => undefined)]);
    isOver.abort();
    this.giveUp.abort(new AppError('DW_APP_STOPPED', 'The queue of jobs closes.'));
    for (const lane of this.lanes.values()) lane.abandon();
    for (const client of [this.requests, ...this.opened]) client.disconnect();
  }
}
