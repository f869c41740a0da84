import { AppError } from '../errors/app-error.js';
import { ID_ALPHABET } from '../ports/id-generator.js';
import type { AppendBatch, NewEvent, StreamAppend, SummaryQuery, SummaryWrite } from '../ports/incident-log.js';
import type { ArchiveRequest } from '../ports/log-archive.js';
import { findNonJson } from './canonical-json.js';

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$/;
const typePattern = /^[a-z][a-z0-9.-]{0,99}$/;
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const kinds: readonly string[] = ['incident', 'approval', 'run', 'source', 'system', 'inbox'];
const prefixPattern = new RegExp(`^[${ID_ALPHABET}]{4,6}$`);

/** Limits of `readAll` and `summariesAfter`. */
export const MAX_READ_LIMIT = 1_000;
const maxListLimit = 500;
const maxArchiveLimit = 500;
const defaultListLimit = 100;

function refuse(what: string, remedy: string): never {
  throw new AppError('DW_LOG_INPUT_INVALID', `The incident log refuses ${what}. ${remedy}`);
}

/** Whether a text can be the name of a stream or the id of a summary; nothing else needs to be looked up; for implementers. */
export function isLogName(text: string): boolean {
  return namePattern.test(text);
}

function checkName(label: string, name: string): void {
  if (typeof name !== 'string' || !isLogName(name)) {
    refuse(
      `the ${label} '${shorten(name)}'`,
      'Use 1 to 200 letters, digits and . _ : / -, beginning with a letter or digit.',
    );
  }
}

function checkTime(label: string, at: string): void {
  if (typeof at !== 'string' || !timePattern.test(at) || Number.isNaN(Date.parse(at))) {
    refuse(`'${shorten(at)}' as ${label}`, "Use ISO 8601 UTC such as '2026-01-31T12:00:00.000Z'.");
  }
}

function checkData(label: string, data: unknown): void {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) refuse(label, 'It must be a JSON object.');
  const problem = findNonJson(data, 'data');
  if (problem !== null)
    refuse(`${label}, because of '${shorten(problem)}'`, 'Everything in it must be plain JSON; absent = null.');
}

function shorten(value: unknown): string {
  return String(value).slice(0, 200);
}

/** Throws `DW_LOG_INPUT_INVALID` for a batch that no store may take; for implementers of `IncidentLog`. */
export function checkAppendBatch(batch: AppendBatch): void {
  if (batch.appends.length === 0) refuse('a batch without events', 'Summaries are written only together with events.');
  const streams = new Set<string>();
  for (const append of batch.appends) {
    checkStreamAppend(append);
    if (streams.has(append.stream))
      refuse(`two appends for '${append.stream}' in one batch`, 'Put all events into one append.');
    streams.add(append.stream);
  }
  checkSummaries(batch.summaries ?? []);
}

function checkStreamAppend(append: StreamAppend): void {
  checkName('stream', append.stream);
  const expected = append.expectedVersion;
  if (expected !== 'any' && !isCount(expected)) {
    refuse(`expectedVersion '${shorten(expected)}' of '${append.stream}'`, "Use a whole number from 0, or 'any'.");
  }
  if (append.events.length === 0) refuse(`an append without events for '${append.stream}'`, 'Leave that append out.');
  for (const event of append.events) checkEvent(event, append.stream);
}

function checkEvent(event: NewEvent, stream: string): void {
  if (typeof event.type !== 'string' || !typePattern.test(event.type)) {
    refuse(`the event type '${shorten(event.type)}' in '${stream}'`, 'Use lower-case words with dashes.');
  }
  const label = `event '${event.type}' of '${stream}'`;
  if (!isCount(event.schemaVersion) || event.schemaVersion < 1) {
    refuse(`schemaVersion '${shorten(event.schemaVersion)}' of ${label}`, 'Use a whole number from 1.');
  }
  checkTime(`time of ${label}`, event.at);
  const { channelType, userId } = event.actor;
  if (typeof channelType !== 'string' || typeof userId !== 'string' || channelType === '' || userId === '') {
    refuse(`the actor of ${label}`, 'Its channelType and userId must be strings that are not empty.');
  }
  checkData(`the data of ${label}`, event.data);
}

function checkSummaries(summaries: readonly SummaryWrite[]): void {
  const ids = new Set<string>();
  const openKeys = new Set<string>();
  for (const summary of summaries) {
    checkSummary(summary);
    if (ids.has(summary.id)) refuse(`two summaries with the id '${summary.id}' in one batch`, 'Write each one once.');
    ids.add(summary.id);
    if (summary.kind !== 'incident' || !summary.open || summary.key === null) continue;
    if (openKeys.has(summary.key))
      refuse(`two open incidents with the key '${summary.key}'`, 'A key has one open incident.');
    openKeys.add(summary.key);
  }
}

function checkSummary(summary: SummaryWrite): void {
  checkName('summary id', summary.id);
  checkName('stream', summary.stream);
  const label = `summary '${summary.id}'`;
  if (!kinds.includes(summary.kind)) {
    refuse(`the kind '${shorten(summary.kind)}' of ${label}`, `Use one of ${kinds.join(', ')}.`);
  }
  checkTime(`time of ${label}`, summary.at);
  checkData(`the data of ${label}`, summary.data);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Throws `DW_LOG_INPUT_INVALID` for options that `readStream` may not take; for implementers of `IncidentLog`. */
export function checkReadStream(options: { readonly fromVersion?: number; readonly limit?: number }): void {
  const { fromVersion = 1, limit = 1 } = options;
  if (!isCount(fromVersion) || fromVersion < 1)
    refuse(`fromVersion '${shorten(fromVersion)}'`, 'Use a whole number from 1.');
  if (!isCount(limit) || limit < 1) refuse(`limit '${shorten(limit)}'`, 'Use a whole number from 1.');
}

/** Throws `DW_LOG_INPUT_INVALID` for options that `readAll` and `summariesAfter` may not take; for implementers. */
export function checkReadAfter(options: { readonly afterPosition: number; readonly limit: number }): void {
  const { afterPosition, limit } = options;
  if (!isCount(afterPosition)) refuse(`afterPosition '${shorten(afterPosition)}'`, 'Use a whole number from 0.');
  checkLimit(limit, MAX_READ_LIMIT);
}

/** Answers the limit of a summary list; throws `DW_LOG_INPUT_INVALID` when it is out of range; for implementers. */
export function summaryLimit(query: SummaryQuery): number {
  const limit = query.limit ?? defaultListLimit;
  checkLimit(limit, maxListLimit);
  return limit;
}

/** The time of an archive request in milliseconds; throws `DW_LOG_INPUT_INVALID` for a malformed request; for implementers. */
export function checkArchiveRequest(request: ArchiveRequest): number {
  checkTime('time to archive before', request.before);
  checkLimit(request.limit, maxArchiveLimit);
  return Date.parse(request.before);
}

function checkLimit(limit: number, max: number): void {
  if (!isCount(limit) || limit < 1 || limit > max)
    refuse(`limit '${shorten(limit)}'`, `Use a whole number from 1 to ${max}.`);
}

/** Throws `DW_LOG_INPUT_INVALID` for a prefix that is too short, too long, or holds what no id holds; for implementers. */
export function checkIdPrefix(prefix: string): void {
  if (!prefixPattern.test(prefix)) {
    refuse(`the id prefix '${shorten(prefix)}'`, `Use 4 to 6 characters of ${ID_ALPHABET}.`);
  }
}

/** Throws `DW_LOG_INPUT_INVALID` for a replacement that changes what never changes, or replaces nothing; for implementers. */
export function checkReplacement(
  write: SummaryWrite,
  existing: Pick<SummaryWrite, 'kind' | 'stream' | 'at' | 'key'> | null,
): void {
  if (existing === null) refuse(`to replace summary '${write.id}', which does not exist`, 'Write it with isNew first.');
  for (const field of ['kind', 'stream', 'at', 'key'] as const) {
    if (write[field] !== existing[field]) {
      refuse(
        `${field} '${shorten(write[field])}' for summary '${write.id}'`,
        `It stays '${shorten(existing[field])}' for ever.`,
      );
    }
  }
}
