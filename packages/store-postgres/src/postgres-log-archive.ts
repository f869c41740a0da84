import { checkArchiveRequest, inject, injectable } from '@dogwatch/core';
import type { ArchiveRequest, LogArchive } from '@dogwatch/core';
import { moveToArchive, selectArchivedCount, selectOverStreams } from './archive-rows.js';
import type { OverStream } from './archive-rows.js';
import { PostgresDatabase } from './postgres-database.js';
import { LOCK_HEAD } from './write-group.js';

/** While events are moved, appends wait. */
const maxEventsAtOnce = 5_000;

/** The archive of the log in PostgreSQL: events of streams that are over, in a table of their own. */
@injectable()
export class PostgresLogArchive implements LogArchive {
  constructor(@inject(PostgresDatabase) private readonly database: PostgresDatabase) {}

  async archiveStreams(request: ArchiveRequest): Promise<readonly string[]> {
    checkArchiveRequest(request);
    const asked = { ...request };
    // Looked for before anybody waits, and once more when nobody can append any more.
    for (;;) {
      const found = namesOf(firstOf(await selectOverStreams(this.database, asked)));
      if (found.length === 0) return [];
      const archived = await this.database.transaction(LOCK_HEAD, async (queries) => {
        const still = namesOf(await selectOverStreams(queries, asked, found));
        if (still.length > 0) await moveToArchive(queries, still);
        return still;
      });
      if (archived.length > 0) return archived;
    }
  }

  async countArchived(): Promise<number> {
    return selectArchivedCount(this.database);
  }
}

function firstOf(streams: readonly OverStream[]): readonly OverStream[] {
  let events = 0;
  return streams.filter((stream, index) => {
    events += stream.events;
    return index === 0 || events <= maxEventsAtOnce;
  });
}

function namesOf(streams: readonly OverStream[]): readonly string[] {
  return streams.map(({ stream }) => stream);
}
