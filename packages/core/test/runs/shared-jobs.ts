import { AppError, MemoryJobQueue } from '@dogwatch/core';
import type { Clock, JobKind, JobQueue, JobRequest, JobWorker } from '@dogwatch/core';
import { RecordingLogger, RecordingMetrics } from '@dogwatch/testkit';

/** A queue that processes share; it can be away, forget what it holds, and hand things over again. */
export class SharedJobs {
  /** Adding fails, as while a server is away. */
  isAway = false;
  /** What is added is lost, as by a flush. */
  forgets = false;
  /** Adding neither succeeds nor fails. */
  hangs = false;
  /** Which process did each job, by its number of boot. */
  readonly done: number[] = [];
  readonly added: JobRequest[] = [];
  private readonly inner: MemoryJobQueue;
  private readonly workers: { readonly process: number; readonly worker: JobWorker }[] = [];
  private processes = 0;
  private turn = 0;

  constructor(clock: Clock) {
    this.inner = new MemoryJobQueue(clock, new RecordingLogger(), new RecordingMetrics());
    this.inner.open();
  }

  /** The end of a process. */
  connect(): JobQueue {
    const process = this.processes++;
    return {
      isShared: true,
      add: (kind, request) => this.add(kind, request),
      work: (kind, worker) => this.work(kind, { process, worker }),
      close: () => Promise.resolve(),
    };
  }

  private add(kind: JobKind, request: JobRequest): Promise<void> {
    if (this.hangs) return new Promise(() => undefined);
    if (this.isAway) {
      return Promise.reject(new AppError('DW_JOB_QUEUE_UNAVAILABLE', 'The queue is away.', { isRetryable: true }));
    }
    this.added.push(request);
    return this.forgets ? Promise.resolve() : this.inner.add(kind, request);
  }

  private work(kind: JobKind, entry: SharedJobs['workers'][number]): void {
    this.workers.push(entry);
    if (this.workers.length > 1) return;
    this.inner.work(kind, {
      concurrency: entry.worker.concurrency ?? 1,
      run: async (job, signal) => {
        const next = this.workers[this.turn++ % this.workers.length] as SharedJobs['workers'][number];
        await next.worker.run(job, signal);
        this.done.push(next.process);
      },
    });
  }
}
