import { definePort } from '../di/define-port.js';
import type { JsonObject } from '../domain/json.js';

/** How long to wait before the next attempt: `firstMs`, then twice as long each time, never over `maxMs`. */
export interface JobBackoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** How many jobs may start in a while; every attempt counts. */
export interface JobRateLimit {
  readonly max: number;
  readonly perMs: number;
}

/** A kind of work and its policy: one constant, handed to `add` and to `work` alike. */
export interface JobKind {
  /** Names the queue: 1 to 64 of `a-z`, `0-9` and `-`, beginning with a letter. */
  readonly name: string;
  /** How often a job is tried in all; 1 unless said. */
  readonly attempts?: number;
  /** From 1 s up to 1 min unless said. */
  readonly backoff?: JobBackoff;
  /** Holds for each `rateKey` by itself, over all replicas together. */
  readonly rateLimit?: JobRateLimit;
}

/** What is to be done. */
export interface JobRequest {
  /** What is asked for several times under one id is one job; 1 to 256 characters, one of its own unless said. */
  readonly id?: string;
  readonly payload: JsonObject;
  /** Milliseconds from now; 0 unless said. */
  readonly delayMs?: number;
  /** Whose rate limit it counts against: `slack/C123`. 1 to 256 characters; all without one share one limit. */
  readonly rateKey?: string;
}

/** A job as its worker gets it. */
export interface Job {
  /** The id of the request, or one that the queue made. */
  readonly id: string;
  readonly payload: JsonObject;
  /** 1 for the first. */
  readonly attempt: number;
  /** True when it is not tried again, whatever happens: the last chance to say so to somebody. */
  readonly isLastAttempt: boolean;
}

/** Who does the work in this replica. */
export interface JobWorker {
  /** How many jobs of the kind run at once in this replica; 1 unless said. */
  readonly concurrency?: number;
  /**
   * Does one job; may be called twice for one job, in two replicas even, since the replica that did it may die before it says
   * so. What it throws makes the job wait for its next attempt, an AppError's `retryAfterMs` at least; an AppError that is not
   * retryable ends the job at once. The signal aborts when the queue closes and the job has not ended in time.
   */
  run(job: Job, signal: AbortSignal): Promise<void> | void;
}

/**
 * Wakes somebody up, now or later, in whatever replica has time: retries, delays, limits of the outside world.
 *
 * A job is a wake-up and never the truth. It runs at least once as long as the queue keeps it, and the queue may lose all it
 * holds (the in-process one with its process, Redis with a flush). What must happen is in the incident log, and its owner
 * looks there at boot and from time to time; the payload says where to look. No order is promised.
 *
 * Of requests with the same id, those that come while the job waits for its time replace it, payload and delay; those that
 * come once it is due change nothing; of those that come while it runs the newest runs when that has ended. So there is never more
 * than one at work, and whatever a request told of is looked at after it was made.
 */
export interface JobQueue {
  /** Whether what is added here may be done by another replica; false: it ends with this process, and nobody else hears of it. */
  readonly isShared: boolean;
  /**
   * Resolves when the queue has the job, whether or not anybody works on its kind here. Malformed input throws
   * `DW_JOB_INVALID`; a queue that does not answer, or is closed, `DW_JOB_QUEUE_UNAVAILABLE` (retryable), quickly.
   */
  add(kind: JobKind, request: JobRequest): Promise<void>;
  /** Takes the jobs of a kind up from now on, once the app is open. A kind has one worker in a replica: `DW_JOB_WORKER_TWICE`. */
  work(kind: JobKind, worker: JobWorker): void;
  /** Starts no further job, and resolves when those at work here have ended or had their time; idempotent. */
  close(): Promise<void>;
}

/** Wakes somebody up, now or later, in whatever replica has time. */
export const JobQueue = definePort<JobQueue>('core.JobQueue');
