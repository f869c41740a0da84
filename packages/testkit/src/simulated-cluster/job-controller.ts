import type { EventRecorder } from './event-recorder.js';
import { formatTime, type KubeObject } from './kube-object.js';
import type { ObjectStore } from './object-store.js';
import { OwnerQueue } from './owner-queue.js';
import type { PodFactory } from './pod-factory.js';
import { jobs } from './resource-type.js';
import type { SimulationClock } from './simulation-clock.js';
import {
  isPodActive,
  isPodReady,
  setCondition,
  type Condition,
  type Pod,
  type PodTemplate,
} from './workload-objects.js';

interface Job extends KubeObject {
  spec: { completions: number; parallelism: number; backoffLimit: number; suspend?: boolean; template: PodTemplate };
  status: { startTime?: string; conditions?: Condition[]; [field: string]: unknown };
}

interface Tally {
  readonly active: readonly Pod[];
  readonly succeeded: number;
  readonly failed: number;
}

const COMPONENT = 'job-controller';
const RETRY_MS = 10_000;

function countAttempts(pod: Pod): number {
  return pod.status.containerStatuses?.reduce((sum, { restartCount }) => sum + restartCount, 0) ?? 0;
}

/** Runs Jobs to their completions or, after `backoffLimit` failures, to their failure. */
export class JobController {
  readonly #queue: OwnerQueue;
  readonly #retryAt = new Map<string, number>();

  constructor(
    private readonly store: ObjectStore,
    private readonly factory: PodFactory,
    private readonly events: EventRecorder,
    private readonly clock: SimulationClock,
  ) {
    this.#queue = new OwnerQueue(store, jobs, clock, (job, owned) => this.#reconcile(job as Job, owned));
  }

  resume(): void {
    this.#queue.addAll();
  }

  #reconcile(job: Job, owned: readonly Pod[]): void {
    if (job.status.conditions?.some(({ status }) => status === 'True')) return;
    const phaseCount = (phase: string): number => owned.filter(({ status }) => status.phase === phase).length;
    const active = owned.filter(isPodActive);
    const tally = { active, succeeded: phaseCount('Succeeded'), failed: phaseCount('Failed') };
    const attempts = tally.failed + active.reduce((sum, pod) => sum + countAttempts(pod), 0);
    if (tally.succeeded >= job.spec.completions) return this.#finish(job, tally, 'Complete');
    if (attempts > job.spec.backoffLimit) return this.#finish(job, tally, 'Failed');
    this.#report(job, tally, null);
    if (job.spec.suspend !== true) this.#fill(job, tally);
  }

  #fill(job: Job, tally: Tally): void {
    const wanted = Math.min(job.spec.parallelism, job.spec.completions - tally.succeeded) - tally.active.length;
    if (wanted <= 0) return;
    const waitMs = this.#retryDelay(job, tally.failed);
    if (waitMs > 0) {
      this.clock.after(waitMs, () => this.#queue.add(job));
      return;
    }
    const { name, uid } = job.metadata;
    const labels = {
      'job-name': name,
      'batch.kubernetes.io/job-name': name,
      'batch.kubernetes.io/controller-uid': uid,
    };
    for (let index = 0; index < wanted; index += 1)
      this.factory.create(job, COMPONENT, { template: job.spec.template, labels });
  }

  #retryDelay(job: Job, failed: number): number {
    if (failed === 0) return 0;
    const key = `${job.metadata.uid}/${failed}`;
    const since = this.#retryAt.get(key) ?? this.clock.now();
    this.#retryAt.set(key, since);
    return RETRY_MS * 2 ** (failed - 1) - this.clock.elapsedSince(since);
  }

  #finish(job: Job, tally: Tally, type: 'Complete' | 'Failed'): void {
    if (type === 'Failed') for (const pod of tally.active) this.factory.delete(job, COMPONENT, pod);
    this.#report(job, { ...tally, active: [] }, type);
    const occurrence =
      type === 'Complete'
        ? ({ type: 'Normal', reason: 'Completed', message: 'Job completed' } as const)
        : ({
            type: 'Warning',
            reason: 'BackoffLimitExceeded',
            message: 'Job has reached the specified backoff limit',
          } as const);
    this.events.record(job, { ...occurrence, component: COMPONENT });
  }

  #report(job: Job, { active, succeeded, failed }: Tally, ending: 'Complete' | 'Failed' | null): void {
    const now = formatTime(this.clock.now());
    const counts = { active: active.length, ready: active.filter(isPodReady).length, succeeded, failed };
    this.store.change(jobs, job.metadata, (draft) => {
      const conditions = (draft as Job).status.conditions ?? [];
      if (ending === 'Complete') {
        const reason = 'CompletionsReached';
        const message = 'Reached expected number of succeeded pods';
        setCondition(conditions, { type: 'Complete', status: 'True', reason, message }, now);
      } else if (ending === 'Failed') {
        const message = 'Job has reached the specified backoff limit';
        setCondition(conditions, { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message }, now);
      }
      draft.status = {
        startTime: (draft as Job).status.startTime ?? now,
        ...(ending === 'Complete' ? { completionTime: now } : {}),
        ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
        ...(conditions.length === 0 ? {} : { conditions }),
      };
    });
  }
}
