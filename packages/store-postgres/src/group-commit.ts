import { setImmediate } from 'node:timers/promises';
import type { AppendBatch, AppendResult } from '@dogwatch/core';
import type { PostgresDatabase } from './postgres-database.js';
import { isStatementError } from './postgres-error.js';
import { writeGroup } from './write-group.js';

const maxGroup = 256;

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
 * it waits for: everybody may try again, and nobody waits for two time-outs.
 */
export class GroupCommit {
  private waiting: WaitingAppend[] = [];
  private running: Promise<void> | null = null;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly writer: string,
  ) {}

  /** Resolves with what became of the append when that can be read, and is on the disk. */
  append(batch: AppendBatch): Promise<AppendResult> {
    return new Promise<AppendResult>((resolve, reject) => {
      this.waiting.push({ batch, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await this.running;
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
