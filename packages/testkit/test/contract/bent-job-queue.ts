import type { JobKind, JobQueue, JobRequest, JobWorker } from '@dogwatch/core';

/** How a queue does something else than it is told. */
export interface Bend {
  readonly kind?: (kind: JobKind) => JobKind;
  readonly request?: (request: JobRequest) => JobRequest;
  readonly worker?: (worker: JobWorker) => JobWorker;
  readonly add?: (queue: JobQueue, kind: JobKind, request: JobRequest) => Promise<void>;
  readonly work?: (queue: JobQueue, kind: JobKind, worker: JobWorker) => void;
  readonly close?: (queue: JobQueue) => Promise<void>;
}

/** A right queue behind a front that is wrong in one point. */
export class BentJobQueue implements JobQueue {
  constructor(
    private readonly inner: JobQueue,
    private readonly bend: Bend,
  ) {}

  get isShared(): boolean {
    return this.inner.isShared;
  }

  add(kind: JobKind, request: JobRequest): Promise<void> {
    const { kind: bendKind = (same) => same, request: bendRequest = (same) => same, add } = this.bend;
    if (add !== undefined) return add(this.inner, kind, request);
    return this.inner.add(bendKind(kind), bendRequest(request));
  }

  work(kind: JobKind, worker: JobWorker): void {
    const { kind: bendKind = (same) => same, worker: bendWorker = (same) => same, work } = this.bend;
    if (work !== undefined) return work(this.inner, kind, worker);
    this.inner.work(bendKind(kind), bendWorker(worker));
  }

  close(): Promise<void> {
    return this.bend.close === undefined ? this.inner.close() : this.bend.close(this.inner);
  }
}
