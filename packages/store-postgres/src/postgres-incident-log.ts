import { randomUUID } from 'node:crypto';
import {
  checkAppendBatch,
  checkIdPrefix,
  checkReadAfter,
  checkReadStream,
  copyAppendBatch,
  inject,
  injectable,
  isLogName,
} from '@dogwatch/core';
import type {
  AppendBatch,
  AppendResult,
  IncidentLog,
  StoredEvent,
  StoredSummary,
  SummaryPage,
  SummaryQuery,
} from '@dogwatch/core';
import { selectAfter, selectLastPosition, selectStream } from './event-rows.js';
import { GroupCommit } from './group-commit.js';
import { PostgresDatabase } from './postgres-database.js';
import type { SharedLog } from './shared-log.js';
import { selectByPrefix, selectPage, selectSummary, selectWrittenAfter } from './summary-rows.js';

/** The incident log in PostgreSQL, shared by all replicas. */
@injectable()
export class PostgresIncidentLog implements IncidentLog, SharedLog {
  readonly writer = randomUUID();
  private readonly listeners = new Set<() => void>();
  private readonly commits: GroupCommit;

  constructor(@inject(PostgresDatabase) private readonly database: PostgresDatabase) {
    this.commits = new GroupCommit(database, this.writer);
  }

  async append(batch: AppendBatch): Promise<AppendResult> {
    checkAppendBatch(batch);
    const result = await this.commits.append(copyAppendBatch(batch));
    if (result.ok) this.hint();
    return result;
  }

  idle(): Promise<void> {
    return this.commits.idle();
  }

  hint(): void {
    // A listener that throws must not make an append fail that has happened.
    for (const listener of this.listeners) queueMicrotask(listener);
  }

  async readStream(
    stream: string,
    options: { fromVersion?: number; limit?: number } = {},
  ): Promise<readonly StoredEvent[]> {
    checkReadStream(options);
    const { fromVersion = 1, limit = null } = options;
    return isLogName(stream) ? selectStream(this.database, stream, { fromVersion, limit }) : [];
  }

  async readAll(options: { afterPosition: number; limit: number }): Promise<readonly StoredEvent[]> {
    checkReadAfter(options);
    return selectAfter(this.database, options);
  }

  lastPosition(): Promise<number> {
    return selectLastPosition(this.database);
  }

  async getSummary(id: string): Promise<StoredSummary | null> {
    return isLogName(id) ? selectSummary(this.database, id) : null;
  }

  async findSummariesByPrefix(prefix: string): Promise<readonly StoredSummary[]> {
    checkIdPrefix(prefix);
    return selectByPrefix(this.database, prefix);
  }

  async listSummaries(query: SummaryQuery): Promise<SummaryPage> {
    return selectPage(this.database, query);
  }

  async summariesAfter(options: { afterPosition: number; limit: number }): Promise<readonly StoredSummary[]> {
    checkReadAfter(options);
    return selectWrittenAfter(this.database, options);
  }

  onAppend(listener: () => void): () => void {
    // Wrapped, so that the same function given twice is two listeners.
    const own = (): void => listener();
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  async ping(): Promise<void> {
    // Only a real write finds a full disk or a standby.
    const text = 'INSERT INTO probe VALUES (1, now()) ON CONFLICT (id) DO UPDATE SET written_at = now()';
    await this.database.rows({ text });
  }
}
