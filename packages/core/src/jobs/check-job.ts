import { AppError } from '../errors/app-error.js';
import { findNonJson } from '../log/canonical-json.js';
import type { JobBackoff, JobKind, JobRateLimit, JobRequest } from '../ports/job-queue.js';

const namePattern = /^[a-z][a-z0-9-]{0,63}$/;
const maxTextLength = 256;
const maxDelayMs = 365 * 24 * 3_600_000;
const defaultBackoff: JobBackoff = { firstMs: 1_000, maxMs: 60_000 };

/** The policy of a kind with nothing left open. */
export interface JobPolicy {
  readonly name: string;
  readonly attempts: number;
  readonly backoff: JobBackoff;
  readonly rateLimit: JobRateLimit | null;
}

function refuse(what: string, remedy: string): never {
  throw new AppError('DW_JOB_INVALID', `${what}. ${remedy}.`);
}

function checkWhole(name: string, value: number, { from, to = maxDelayMs }: { from: number; to?: number }): void {
  if (Number.isInteger(value) && value >= from && value <= to) return;
  refuse(`A job's ${name} is ${String(value)}`, `Make it a whole number from ${from} to ${to}`);
}

function checkText(name: string, value: string | undefined): void {
  if (value === undefined || (typeof value === 'string' && value !== '' && value.length <= maxTextLength)) return;
  refuse(`A job's ${name} is '${String(value)}'`, `Give it 1 to ${maxTextLength} characters, or leave it out`);
}

/** Completes the policy of a kind; throws `DW_JOB_INVALID` for a malformed one. */
export function checkJobKind(kind: JobKind): JobPolicy {
  const { name, attempts = 1, backoff = defaultBackoff, rateLimit = null } = kind;
  if (!namePattern.test(name)) {
    refuse(`A kind of jobs is named '${String(name)}'`, 'Use 1 to 64 of a-z, 0-9 and -, a letter first');
  }
  checkWhole('attempts', attempts, { from: 1, to: 1_000 });
  checkWhole('backoff.firstMs', backoff.firstMs, { from: 0 });
  checkWhole('backoff.maxMs', backoff.maxMs, { from: backoff.firstMs });
  if (rateLimit !== null) {
    checkWhole('rateLimit.max', rateLimit.max, { from: 1, to: 10_000 });
    checkWhole('rateLimit.perMs', rateLimit.perMs, { from: 1 });
  }
  return { name, attempts, backoff, rateLimit };
}

/** Throws `DW_JOB_INVALID` for a malformed request. */
export function checkJobRequest({ id, payload, delayMs = 0, rateKey }: JobRequest): void {
  checkText('id', id);
  checkText('rateKey', rateKey);
  checkWhole('delayMs', delayMs, { from: 0 });
  const problem = Array.isArray(payload) ? 'payload: array' : findNonJson(payload, 'payload');
  if (problem !== null) refuse(`A job's payload is no JSON object: '${problem}'`, 'Use plain JSON values');
  if (typeof payload !== 'object' || payload === null)
    refuse(`A job's payload is '${String(payload)}'`, 'Give an object');
}

/** Answers how many jobs of a kind a worker does at once; throws `DW_JOB_INVALID` for a malformed number. */
export function checkConcurrency(concurrency = 1): number {
  checkWhole('concurrency', concurrency, { from: 1, to: 1_000 });
  return concurrency;
}

/** What a queue answers for a second worker of one kind. */
export function workerTwiceError(name: string): AppError {
  return new AppError(
    'DW_JOB_WORKER_TWICE',
    `Jobs of kind '${name}' have a worker in this replica already. Let one of the two take another kind.`,
  );
}
