import { definePort } from '../di/define-port.js';
import type { SummaryKind } from './incident-log.js';

/** What may be archived once it is over; sources and systems never are. */
export const ARCHIVABLE_KINDS: readonly SummaryKind[] = ['incident', 'approval', 'run', 'inbox'];

/** Which streams to archive. */
export interface ArchiveRequest {
  /** ISO 8601 UTC: they began before it, and nothing has happened in them since. */
  readonly before: string;
  /** At most this many streams at once, from 1 to 500. */
  readonly limit: number;
}

/**
 * Takes what is over out of the way of the daily work, and keeps it. It is the same store as `IncidentLog`'s.
 *
 * A stream is over when it has summaries, all of them of `ARCHIVABLE_KINDS` and not open, and they and its newest event are
 * older than asked (by `at`). Archived summaries are left out by `listSummaries`, unless asked by key or stream, and by prefixes that are no whole
 * id; all else reads them as before, and no event is touched: the whole hash chain stays. Ids, versions and positions are never
 * given again. Appending to an archived stream goes on where it ends; a summary of it that is replaced is back in the lists.
 */
export interface LogArchive {
  /**
   * Archives streams that are over, each with all its summaries, the one that began first first, all of it or nothing; answers
   * their names, fewer than `limit` when no more are over. Throws `DW_LOG_UNAVAILABLE` and `DW_LOG_INPUT_INVALID` as
   * `IncidentLog` does.
   */
  archiveStreams(request: ArchiveRequest): Promise<readonly string[]>;
}
export const LogArchive = definePort<LogArchive>('core.LogArchive');
