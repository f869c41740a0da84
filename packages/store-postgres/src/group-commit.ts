import { setImmediate } from 'node:timers/promises';
import { AppError } from '@dogwatch/core';
import type { AppendBatch, AppendResult } from '@dogwatch/core';
import type { PostgresDatabase } from './postgres-database.js';
import { isStatementError } from './postgres-error.js';
import { writeGroup } from './write-group.js';

const maxGroup = 256;

// What is accepted is kept in memory until it is written: more than this is refused, to be tried again, before memory runs out.
const maxHeldAppends = 5_000;
const maxHeldBytes = 64 * 1024 * 1024;
const retryAfterMs = 2_000;

interface WaitingAppend {
  readonly batch: AppendBatch;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gives appends that are asked for at about the same time one transaction, and so one wait for the disk and one turn at the
 * lock that orders all replicas.
 *
 * While a group is being written the next one gathers. When the database is away, what waits fails together with the group
 * it waits for: everybody may try again, and nobody waits for two time-outs. When more is asked for than the database takes,
 * what is too much is refused at once.
 */
export class GroupCommit {
  private waiting: WaitingAppend[] = [];
  private running: Promise<void> | null = null;
  private heldAppends = 0;
  private heldBytes = 0;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly writer: string,
  ) {}

  /**
   * Resolves with what became of the append when that can be read, and is on the disk; rejects with `DW_LOG_UNAVAILABLE` when
   * too much waits already.
   */
  async append(batch: AppendBatch): Promise<AppendResult> {
    const bytes = sizeOf(batch);
    this.refuseWhenFull(bytes);
    this.heldAppends += 1;
    this.heldBytes += bytes;
    try {
      return await new Promise<AppendResult>((resolve, reject) => {
        this.waiting.push({ batch, resolve, reject });
        this.running ??= this.run();
      });
    } finally {
      this.heldAppends -= 1;
      this.heldBytes -= bytes;
    }
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await this.running;
  }

  private refuseWhenFull(bytes: number): void {
    const isFull = this.heldAppends >= maxHeldAppends || this.heldBytes + bytes > maxHeldBytes;
    // Something that is large by itself has its turn when nothing else waits.
    if (this.heldAppends === 0 || !isFull) return;
    throw new AppError(
      'DW_LOG_UNAVAILABLE',
      `The store '${this.database.description}' is saturated: ${this.heldAppends} appends with ${this.heldBytes} bytes wait to ` +
        'be written. Try again later; when this lasts, see what slows the database down.',
      { isRetryable: true, retryAfterMs },
    );
  }

  private async run(): Promise<void> {
    // What is asked for in the same turn goes together.
    await setImmediate();
    while (this.waiting.length > 0) await this.commit(this.waiting.splice(0, maxGroup));
    this.running = null;
  }

  private async commit(group: readonly WaitingAppend[]): Promise<void> {
    try {
      const outcomes = await writeGroup(
        this.database,
        group.map((waiting) => waiting.batch),
        this.writer,
      );
      outcomes.forEach((outcome, index) => {
        if ('error' in outcome) group[index]?.reject(outcome.error);
        else group[index]?.resolve(outcome.result);
      });
    } catch (error) {
      await this.fail(group, error as Error);
    }
  }

  private async fail(group: readonly WaitingAppend[], error: Error): Promise<void> {
    if (isStatementError(error.cause)) {
      // The database refuses what one of them writes; alone, each finds out whether that is its own.
      if (group.length > 1) for (const waiting of group) await this.commit([waiting]);
      else group[0]?.reject(error);
      return;
    }
    for (const waiting of [...group, ...this.waiting.splice(0)]) waiting.reject(error);
  }
}

// About what its texts need in memory; the exact size does not matter.
function sizeOf({ appends, summaries = [] }: AppendBatch): number {
  return JSON.stringify([appends, summaries]).length;
}
