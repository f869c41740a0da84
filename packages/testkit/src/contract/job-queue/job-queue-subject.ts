import type { JobQueue } from '@dogwatch/core';

/** A queue of its own, and time. */
export interface JobQueueSubject {
  readonly queue: JobQueue;
  /** Another replica's queue on the same jobs, opened; needed for the capability `shared`. */
  readonly other?: JobQueue;
  /** Opens the app around the queue: jobs that are due start from now on. */
  open(): Promise<void>;
  /** The time that the queue goes by. */
  now(): number;
  /** Lets so many milliseconds pass. */
  pass(ms: number): Promise<void>;
}

/** Lets time pass until `isTrue`; throws when that does not come about in 10 s. */
export async function until(subject: JobQueueSubject, isTrue: () => boolean, what: string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (isTrue()) return;
    await subject.pass(20);
  }
  throw new Error(`Waited 10 s in vain until ${what}.`);
}
