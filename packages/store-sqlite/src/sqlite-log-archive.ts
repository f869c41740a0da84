import { checkArchiveRequest, inject, injectable } from '@dogwatch/core';
import type { ArchiveRequest, LogArchive } from '@dogwatch/core';
import { archiveOver, countArchived } from './archive-rows.js';
import { StoreFile } from './store-file.js';

/** The archive of the log in the SQLite file: a mark on summaries. */
@injectable()
export class SqliteLogArchive implements LogArchive {
  constructor(@inject(StoreFile) private readonly file: StoreFile) {}

  async archiveStreams(request: ArchiveRequest): Promise<readonly string[]> {
    checkArchiveRequest(request);
    // It is carried out later, and its owner may change it in the meantime.
    const copy = { ...request };
    return this.file.write((connection) => archiveOver(connection, copy));
  }

  async countArchived(): Promise<number> {
    return countArchived(this.file.connection);
  }
}
