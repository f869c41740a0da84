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
import { StoreFile } from './store-file.js';
import { selectByPrefix, selectPage, selectSummary, selectWrittenAfter } from './summary-rows.js';
import { writeBatch } from './write-batch.js';

const noLimit = -1;

/** The incident log in one SQLite file. */
@injectable()
export class SqliteIncidentLog implements IncidentLog {
  private readonly listeners = new Set<() => void>();

  constructor(@inject(StoreFile) private readonly file: StoreFile) {}

  async append(batch: AppendBatch): Promise<AppendResult> {
    checkAppendBatch(batch);
    // The batch is written later, and its owner may change it in the meantime.
    const copy = copyAppendBatch(batch);
    const result = await this.file.write((connection) => writeBatch(connection, copy));
    // A listener that throws must not make an append fail that has happened.
    if (result.ok) for (const listener of this.listeners) queueMicrotask(listener);
    return result;
  }

  async readStream(
    stream: string,
    options: { fromVersion?: number; limit?: number } = {},
  ): Promise<readonly StoredEvent[]> {
    checkReadStream(options);
    const { fromVersion = 1, limit = noLimit } = options;
    if (!isLogName(stream)) return [];
    return selectStream(this.file.connection, stream, { fromVersion, limit });
  }

  async readAll(options: { afterPosition: number; limit: number }): Promise<readonly StoredEvent[]> {
    checkReadAfter(options);
    return selectAfter(this.file.connection, options);
  }

  async lastPosition(): Promise<number> {
    return selectLastPosition(this.file.connection);
  }

  async getSummary(id: string): Promise<StoredSummary | null> {
    return isLogName(id) ? selectSummary(this.file.connection, id) : null;
  }

  async findSummariesByPrefix(prefix: string): Promise<readonly StoredSummary[]> {
    checkIdPrefix(prefix);
    return selectByPrefix(this.file.connection, prefix);
  }

  async listSummaries(query: SummaryQuery): Promise<SummaryPage> {
    return selectPage(this.file.connection, query);
  }

  async summariesAfter(options: { afterPosition: number; limit: number }): Promise<readonly StoredSummary[]> {
    checkReadAfter(options);
    return selectWrittenAfter(this.file.connection, options);
  }

  onAppend(listener: () => void): () => void {
    // Wrapped, so that the same function given twice is two listeners.
    const own = (): void => listener();
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  async ping(): Promise<void> {
    // Only a real write finds a full or read-only disk.
    const sql =
      "INSERT INTO probe VALUES (1, datetime('now')) ON CONFLICT (id) DO UPDATE SET written_at = datetime('now')";
    await this.file.write((connection) => connection.run(sql));
  }
}
