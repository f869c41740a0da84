import { randomUUID } from 'node:crypto';
import type { JobAttempts, JobPolicy, JobRequest, JobWorker, JsonObject, Logger } from '@dogwatch/core';
import { DelayedError, Queue, UnrecoverableError, Worker } from 'bullmq';
import type { Job as BullJob } from 'bullmq';
import type { RedisClient } from './create-client.js';
import { takeStart } from './start-limiter.js';

// A job whose replica dies under it is nobody's fault but the replica's; its attempts bound it, not this.
const maxStalledCount = 1_000;
const reconnectMs = 1_000;
const limitUnknownWaitMs = 1_000;

/** What the lanes of one process share. */
export interface LaneParts {
  /** Begins every key of BullMQ. */
  readonly prefix: string;
  /** For what must fail quickly. */
  readonly requests: RedisClient;
  /** With prefixed keys, for the limits. */
  readonly limits: RedisClient;
  readonly blocking: () => RedisClient;
  readonly lockMs: number;
  readonly attempts: JobAttempts;
  readonly logger: Logger;
  /** Aborts what is at work when its time is over. */
  readonly signal: AbortSignal;
}

interface JobData {
  readonly id: string | null;
  readonly payload: JsonObject;
  readonly rateKey: string;
}

/** Tells BullMQ how long the next attempt waits. */
class RetryLater extends Error {
  constructor(
    readonly delayMs: number,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

class LeavableWorker extends Worker<JobData> {
  /** BullMQ renews its locks until it has closed, and cannot close without Redis. */
  abandon(): void {
    this.lockManager.close().catch((error: unknown) => this.emit('error', error as Error));
  }
}

/** The jobs of one kind on Redis, and this replica's worker of them. */
export class BullJobLane {
  private queue: Queue<JobData> | null = null;
  private worker: { readonly policy: JobPolicy; readonly worker: JobWorker; readonly concurrency: number } | null =
    null;
  private running: LeavableWorker | null = null;

  constructor(
    private readonly name: string,
    private readonly parts: LaneParts,
  ) {}

  get hasWorker(): boolean {
    return this.worker !== null;
  }

  async add(policy: JobPolicy, { id, payload, delayMs = 0, rateKey = '' }: JobRequest): Promise<void> {
    if (this.parts.requests.status !== 'ready') throw new Error('the connection is not up');
    const queue = this.openQueue();
    try {
      await queue.add(
        this.name,
        { id: id ?? null, payload, rateKey },
        {
          delay: delayMs,
          attempts: policy.attempts,
          backoff: { type: 'custom' },
          removeOnComplete: true,
          removeOnFail: true,
          stackTraceLimit: 1,
          ...(id === undefined ? {} : { deduplication: { id, replace: true, keepLastIfActive: true } }),
        },
      );
    } catch (error) {
      // A queue that could not say hello to Redis never tries to again.
      this.queue = null;
      throw error;
    }
  }

  work(policy: JobPolicy, worker: JobWorker, concurrency: number): void {
    this.worker = { policy, worker, concurrency };
  }

  /** Takes jobs up from now on; waits for Redis as long as it takes. */
  open(): void {
    if (this.worker === null || this.running !== null) return;
    const { concurrency } = this.worker;
    const { prefix, lockMs } = this.parts;
    this.running = new LeavableWorker(this.name, (job, token) => this.process(job, token), {
      // The types of ioredis tell its two kinds of connection apart, BullMQ does not mind.
      connection: this.parts.blocking() as never,
      prefix,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: Math.ceil(lockMs / 2),
      maxStalledCount,
      runRetryDelay: reconnectMs,
      settings: { backoffStrategy: (_made, _type, error) => (error instanceof RetryLater ? error.delayMs : 0) },
    });
    this.listen(this.running);
  }

  /** Starts nothing more; resolves when what is at work here has ended. */
  async close(): Promise<void> {
    await this.running?.close();
    await this.queue?.close();
  }

  /** Stops what would keep the process alive, where Redis stays away and nothing can end in order. */
  abandon(): void {
    this.running?.abandon();
  }

  private openQueue(): Queue<JobData> {
    if (this.queue !== null) return this.queue;
    const { prefix, requests } = this.parts;
    this.queue = new Queue<JobData>(this.name, {
      connection: requests as never,
      prefix,
      skipWaitingForReady: true,
      // Nobody reads the events; kept short, they do not fill the memory of Redis.
      streams: { events: { maxLen: 100 } },
    });
    this.listen(this.queue);
    return this.queue;
  }

  private listen(source: { on(event: 'error', listener: (error: Error) => void): unknown }): void {
    // Lost connections are told by the connections themselves, once.
    source.on('error', (error) => {
      this.parts.logger.debug('job_queue_error', 'BullMQ reports an error.', { job: this.name, error });
    });
  }

  private async process(bullJob: BullJob<JobData>, token: string | undefined): Promise<void> {
    const { worker } = this;
    if (worker === null) throw new TypeError(`Jobs of kind '${this.name}' have no worker.`);
    const waitMs = await this.waitForLimit(worker.policy, bullJob);
    if (waitMs > 0) {
      await bullJob.moveToDelayed(Date.now() + waitMs, token);
      throw new DelayedError();
    }
    const attempt = bullJob.attemptsMade + 1;
    const { id, payload } = bullJob.data;
    const outcome = await this.parts.attempts.make({
      policy: worker.policy,
      worker: worker.worker,
      job: {
        id: id ?? `#${bullJob.id ?? ''}`,
        payload,
        attempt,
        isLastAttempt: attempt >= (bullJob.opts.attempts ?? 1),
      },
      signal: this.parts.signal,
    });
    if (outcome.kind === 'retry') throw new RetryLater(outcome.delayMs, outcome.error);
    if (outcome.kind === 'given-up') throw new UnrecoverableError('given up');
  }

  private async waitForLimit({ name, rateLimit }: JobPolicy, bullJob: BullJob<JobData>): Promise<number> {
    if (rateLimit === null) return 0;
    const { rateKey } = bullJob.data;
    try {
      return await takeStart(this.parts.limits, rateLimit, { kind: name, rateKey, id: randomUUID() });
    } catch {
      // Whether it may start is not known, so it does not: that is no attempt, and nothing was done.
      return limitUnknownWaitMs;
    }
  }
}
