import type { Clock, ClusterEvent, Timer } from '@dogwatch/core';
import { FacetMailbox } from './facet-mailbox.js';
import type { FoldedIncident } from './incident-repository.js';
import type { IncidentCommand, IncidentWriter, KeyWork, WrittenWork } from './incident-writer.js';
import { REPEAT_INTERVAL_MS } from './record-problems.js';
import type { Repeats } from './record-problems.js';

/** What a worker works with. */
export interface KeyWorkerParts {
  readonly writer: IncidentWriter;
  readonly clock: Clock;
  /** Told of everything that became durable, before those who wait for it. */
  readonly onWritten: (written: WrittenWork) => void;
  /** Told of a failure that nobody waits for. */
  readonly onFlushFailed: (error: unknown) => void;
}

interface Batch {
  readonly mailbox: FacetMailbox;
  readonly commands: { readonly incidentId: string; readonly command: IncidentCommand }[];
  flush: boolean;
  refresh: boolean;
  readonly done: Promise<FoldedIncident | null>;
  resolve(incident: FoldedIncident | null): void;
  reject(error: unknown): void;
}

/**
 * Does what comes in for one incident key, one batch after the other; what comes in meanwhile coalesces to the next batch.
 *
 * Everybody who put something into a batch waits for the same append.
 */
export class KeyWorker {
  private next: Batch | null = null;
  private running: Promise<void> | null = null;
  private repeats: Repeats = new Map();
  private timer: Timer | null = null;
  private isStale = false;
  private isDropped = false;

  /** `incident` is the open incident of the key, if the log is known to hold one. */
  constructor(
    readonly key: string,
    private incident: FoldedIncident | null,
    private readonly parts: KeyWorkerParts,
  ) {}

  /** The open incident of the key as of the last append, or `null`. */
  get openIncident(): FoldedIncident | null {
    return this.incident?.state.status === 'resolved' ? null : this.incident;
  }

  /** Nothing waits, runs or is open: the worker may be forgotten. */
  get isIdle(): boolean {
    return this.isResting && this.openIncident === null;
  }

  /** Nothing waits or runs. */
  get isResting(): boolean {
    return this.next === null && this.running === null;
  }

  /** Looks at what others have written; `version` is the newest they are known to have written. */
  async refresh(version: number): Promise<void> {
    if (this.isResting && this.incident !== null && this.incident.version >= version) return;
    const batch = this.batch();
    batch.refresh = true;
    await this.go(batch);
  }

  /** Forgets what is not in the log, and does nothing more by itself. */
  drop(): void {
    this.timer?.cancel();
    this.timer = null;
    this.isDropped = true;
  }

  async emit(event: ClusterEvent): Promise<void> {
    const batch = this.batch();
    batch.mailbox.add(event);
    await this.go(batch);
  }

  /** Answers the newest incident of the key afterwards. */
  command(incidentId: string, command: IncidentCommand): Promise<FoldedIncident | null> {
    const batch = this.batch();
    batch.commands.push({ incidentId, command });
    return this.go(batch);
  }

  /** Puts repeats into the log that are not in it yet; resolves when all that came in before is done. */
  async flush(): Promise<void> {
    this.timer?.cancel();
    this.timer = null;
    if (this.repeats.size === 0 && this.running === null) return;
    const batch = this.batch();
    batch.flush = true;
    await this.go(batch);
  }

  private batch(): Batch {
    this.next ??= newBatch();
    return this.next;
  }

  private go(batch: Batch): Promise<FoldedIncident | null> {
    this.running ??= this.run();
    return batch.done;
  }

  private async run(): Promise<void> {
    for (let batch = this.next; batch !== null; batch = this.next) {
      this.next = null;
      try {
        const written = await this.write(batch);
        batch.resolve(written.incident);
      } catch (error) {
        // The append may or may not have happened: the log is asked before the next one.
        this.isStale = true;
        batch.reject(error);
      }
    }
    this.running = null;
    this.schedule();
  }

  private async write(batch: Batch): Promise<WrittenWork> {
    const work: KeyWork = {
      entries: [...batch.mailbox.entries()],
      commands: batch.commands,
      repeats: this.repeats,
      flush: batch.flush,
      refresh: batch.refresh,
    };
    const known = this.isStale ? null : this.openIncident;
    const written = await this.parts.writer.write(this.key, known, work);
    this.isStale = false;
    this.incident = written.incident;
    this.repeats = written.repeats;
    this.parts.onWritten(written);
    return written;
  }

  private schedule(): void {
    if (this.repeats.size === 0 || this.timer !== null || this.isDropped) return;
    this.timer = this.parts.clock.setTimer(() => {
      this.timer = null;
      this.flush().catch(this.parts.onFlushFailed);
    }, REPEAT_INTERVAL_MS);
  }
}

function newBatch(): Batch {
  let settle: Pick<Batch, 'resolve' | 'reject'> | null = null;
  const done = new Promise<FoldedIncident | null>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // A batch that only flushes has nobody who waits.
  done.catch(() => undefined);
  return {
    mailbox: new FacetMailbox(),
    commands: [],
    flush: false,
    refresh: false,
    done,
    resolve: (incident) => settle?.resolve(incident),
    reject: (error) => settle?.reject(error),
  };
}
