import { isAppError } from '../errors/app-error.js';
import type { Job, JobWorker } from '../ports/job-queue.js';
import type { Logger } from '../ports/logger.js';
import type { Counter, Metrics } from '../ports/metrics.js';
import type { JobPolicy } from './check-job.js';

/** What is to become of a job after an attempt. */
export type AttemptOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly delayMs: number; readonly error: unknown }
  | { readonly kind: 'given-up'; readonly error: unknown };

/** An attempt that is about to be made. */
export interface Attempt {
  readonly policy: JobPolicy;
  readonly worker: JobWorker;
  readonly job: Job;
  readonly signal: AbortSignal;
}

function waitMs({ backoff }: JobPolicy, attempt: number, error: unknown): number {
  const grown = Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.min(attempt - 1, 40));
  return Math.max(grown, isAppError(error) ? (error.retryAfterMs ?? 0) : 0);
}

/** Makes the attempts of jobs for every queue alike: judges what they throw, counts and logs how they end. */
export class JobAttempts {
  private readonly counter: Counter;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.counter = metrics.counter({
      name: 'dogwatch_jobs_total',
      help: 'Attempts at jobs by kind and by how they ended: done, retry or given-up.',
      labels: ['job', 'outcome'],
    });
  }

  /** Never rejects: whatever the worker throws is part of the outcome. */
  async make({ policy, worker, job, signal }: Attempt): Promise<AttemptOutcome> {
    const outcome = await this.judge({ policy, worker, job, signal });
    this.counter.increment({ job: policy.name, outcome: outcome.kind });
    if (outcome.kind !== 'done') this.report(policy, job, outcome);
    return outcome;
  }

  private async judge({ policy, worker, job, signal }: Attempt): Promise<AttemptOutcome> {
    try {
      await worker.run(job, signal);
      return { kind: 'done' };
    } catch (error) {
      const isHopeless = isAppError(error) && !error.isRetryable;
      if (job.isLastAttempt || isHopeless) return { kind: 'given-up', error };
      return { kind: 'retry', delayMs: waitMs(policy, job.attempt, error), error };
    }
  }

  private report(policy: JobPolicy, job: Job, outcome: Exclude<AttemptOutcome, { readonly kind: 'done' }>): void {
    const fields = { job: policy.name, job_id: job.id, attempt: job.attempt, error: outcome.error };
    if (outcome.kind === 'given-up') this.logger.error('job_given_up', 'A job failed and is not tried again.', fields);
    else this.logger.warn('job_retry', 'A job failed and is tried again.', { ...fields, delay_ms: outcome.delayMs });
  }
}
