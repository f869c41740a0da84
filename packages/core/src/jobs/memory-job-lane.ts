import type { Clock, Timer } from '../ports/clock.js';
import type { JobRequest, JobWorker } from '../ports/job-queue.js';
import type { JobPolicy } from './check-job.js';
import type { JobAttempts } from './job-attempts.js';
import { StartLimit } from './start-limit.js';

interface Entry {
  readonly id: string;
  readonly request: JobRequest;
  readonly policy: JobPolicy;
  readonly attempt: number;
  dueAt: number;
}

interface LaneWorker {
  readonly worker: JobWorker;
  readonly concurrency: number;
  readonly limit: StartLimit | null;
}

/** What a lane works with. */
export interface LaneParts {
  readonly clock: Clock;
  readonly attempts: JobAttempts;
  /** Aborts what is at work when its time is over. */
  readonly signal: AbortSignal;
}

/** The jobs of one kind in this process. */
export class MemoryJobLane {
  private waiting: readonly Entry[] = [];
  private readonly running = new Map<string, Promise<void>>();
  private readonly afterwards = new Map<string, Entry>();
  private worker: LaneWorker | null = null;
  private timer: Timer | null = null;
  private isOpen = false;
  private made = 0;

  constructor(private readonly parts: LaneParts) {}

  get hasWorker(): boolean {
    return this.worker !== null;
  }

  add(policy: JobPolicy, { delayMs = 0, ...request }: JobRequest): void {
    const dueAt = this.parts.clock.now() + delayMs;
    const id = request.id ?? `#${++this.made}`;
    // A copy: what the caller changes later is none of the job's business.
    const entry = { id, request: structuredClone(request), policy, attempt: 1, dueAt };
    if (this.running.has(id)) this.afterwards.set(id, entry);
    else {
      const known = this.waiting.find((other) => other.id === id);
      if (known !== undefined && known.dueAt <= this.parts.clock.now()) return;
      this.afterwards.delete(id);
      this.waiting = [...this.waiting.filter((other) => other !== known), entry];
    }
    this.startWhatIsDue();
  }

  work(policy: JobPolicy, worker: JobWorker, concurrency: number): void {
    this.worker = { worker, concurrency, limit: policy.rateLimit === null ? null : new StartLimit(policy.rateLimit) };
    this.startWhatIsDue();
  }

  open(): void {
    this.isOpen = true;
    this.startWhatIsDue();
  }

  /** Starts nothing more; resolves when what is at work has ended. */
  async close(): Promise<void> {
    this.isOpen = false;
    this.timer?.cancel();
    await Promise.all(this.running.values());
  }

  private startWhatIsDue(): void {
    this.timer?.cancel();
    this.timer = null;
    const { worker } = this;
    if (!this.isOpen || worker === null) return;
    const now = this.parts.clock.now();
    for (const entry of this.waiting.filter(({ dueAt }) => dueAt <= now)) {
      if (this.running.size >= worker.concurrency) return;
      const waitMs = worker.limit?.take(entry.request.rateKey ?? '', now) ?? 0;
      if (waitMs > 0) entry.dueAt = now + waitMs;
      else this.start(entry, worker);
    }
    if (this.running.size >= worker.concurrency || this.waiting.length === 0) return;
    const next = Math.min(...this.waiting.map(({ dueAt }) => dueAt));
    this.timer = this.parts.clock.setTimer(() => this.startWhatIsDue(), next - now);
  }

  private start(entry: Entry, { worker }: LaneWorker): void {
    this.waiting = this.waiting.filter((other) => other !== entry);
    const { id, policy, attempt, request } = entry;
    const { attempts, signal } = this.parts;
    const job = { id, payload: request.payload, attempt, isLastAttempt: attempt >= policy.attempts };
    const work = attempts.make({ policy, worker, job, signal }).then((outcome) => {
      this.running.delete(id);
      const newer = this.afterwards.get(id);
      if (outcome.kind === 'retry') {
        const dueAt = this.parts.clock.now() + outcome.delayMs;
        this.waiting = [...this.waiting, { ...entry, attempt: attempt + 1, dueAt }];
      } else if (newer !== undefined) {
        this.afterwards.delete(id);
        this.waiting = [...this.waiting, newer];
      }
      this.startWhatIsDue();
    });
    this.running.set(id, work);
  }
}
