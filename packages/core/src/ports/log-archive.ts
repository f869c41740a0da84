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
 * Takes what is over out of the way of the daily work, and keeps it for ever. It is the same store as `IncidentLog`'s.
 *
 * A stream is over when it has summaries, all of them of `ARCHIVABLE_KINDS` and not open, and they and its newest event are
 * older than asked (by `at`). A stream without a summary is never over.
 *
 * Archiving hides summaries from two reads and changes nothing else. `listSummaries` leaves them out, unless it is asked by key
 * or by stream: what asks so wants the history (a cooldown, the breaker, the runs of one incident). `findSummariesByPrefix`
 * knows them by their whole id alone, so that short ids stay unambiguous. `getSummary`, `summariesAfter` (exports, and readers
 * that were away for long), `readStream`, `readAll` and `lastPosition` answer as before, positions of summaries included, and
 * nobody is hinted at anything. Ids, versions and positions are never given again. A store may move events, never change one,
 * so every hash chain stays whole.
 *
 * A stream is archived as a whole or not at all. An append to an archived stream goes on where that ends, and takes it out of
 * the archive: all its summaries are in the lists again, until it is over once more. An append that comes at the same time as
 * `archiveStreams` falls before it or after it, and neither fails because of the other.
 */
export interface LogArchive {
  /**
   * Archives streams that are over, the one that began first first, all of them or none; answers their names, none when
   * no more are over. Throws `DW_LOG_UNAVAILABLE` and `DW_LOG_INPUT_INVALID` as `IncidentLog` does.
   */
  archiveStreams(request: ArchiveRequest): Promise<readonly string[]>;
  /** How many streams are archived now. */
  countArchived(): Promise<number>;
}
export const LogArchive = definePort<LogArchive>('core.LogArchive');
