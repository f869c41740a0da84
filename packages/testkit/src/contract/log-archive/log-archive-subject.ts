import type { IncidentLog, LogArchive, StoredSummary, SummaryWrite } from '@dogwatch/core';
import { appended, appendTo, minute, newEvent, newSummary } from '../incident-log/incident-log-subject.js';

/** What the contract of `LogArchive` is run on. */
export interface LogArchiveSubject {
  /** An empty log. */
  readonly log: IncidentLog;
  /** The archive of the same store. */
  readonly archive: LogArchive;
  /** Closes the store and opens the same data again; needed for the capability `reopen`. */
  readonly reopen?: () => Promise<Omit<LogArchiveSubject, 'reopen'>>;
}

/** What is archived in these cases is older than this. */
export const before = minute(60);

/** The ids of summaries, in their order. */
export const idsOf = (summaries: readonly StoredSummary[]): string[] => summaries.map((summary) => summary.id);

/** Writes two events, at a minute of the year, and these summaries to `incident/<id of the first>`; answers the stream. */
export async function writeAt(log: IncidentLog, at: number, ...summaries: readonly SummaryWrite[]): Promise<string> {
  const stream = `incident/${summaries[0]?.id ?? ''}`;
  const events = [newEvent({ at: minute(at) }), newEvent({ at: minute(at), data: { more: true } })];
  await appended(appendTo(log, { stream, events, summaries: summaries.map((summary) => ({ ...summary, stream })) }));
  return stream;
}

/** A new summary of what is over. */
export const closed = (id: string, overrides: Partial<SummaryWrite> = {}): SummaryWrite =>
  newSummary(id, { open: false, key: 'k', namespace: 'prod', ...overrides });

/** Writes an incident that is over, with its run and its approval; answers the stream. */
export const writeOver = (log: IncidentLog): Promise<string> =>
  writeAt(log, 5, closed('aaaaaa'), closed('bbbbbb', { kind: 'run' }), closed('cccccc', { kind: 'approval' }));
