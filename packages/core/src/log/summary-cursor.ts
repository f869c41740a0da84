import { AppError } from '../errors/app-error.js';

/** The place of a summary in a list: lists are sorted by it, newest first. */
export interface SummaryPlace {
  /** `at` of the summary in milliseconds since the epoch. */
  readonly atMs: number;
  readonly id: string;
}

/** Writes the cursor that continues a list after the given place. */
export function encodeSummaryCursor(place: SummaryPlace): string {
  return Buffer.from(`${place.atMs}/${place.id}`, 'utf8').toString('base64url');
}

/** Reads a cursor; throws `DW_LOG_CURSOR_INVALID` for one that no list ever gave. */
export function decodeSummaryCursor(cursor: string): SummaryPlace {
  const match = /^(-?\d{1,15})\/([A-Za-z0-9][A-Za-z0-9._:/-]*)$/.exec(
    Buffer.from(cursor, 'base64url').toString('utf8'),
  );
  const place = match && { atMs: Number(match[1]), id: match[2] as string };
  if (!place || encodeSummaryCursor(place) !== cursor) {
    throw new AppError(
      'DW_LOG_CURSOR_INVALID',
      `The cursor '${cursor.slice(0, 100)}' is malformed. Use the 'next' of a page as it came, or leave it out to start anew.`,
    );
  }
  return place;
}

/** Orders places newest first: negative when `a` is listed before `b`. */
export function compareSummaryPlaces(a: SummaryPlace, b: SummaryPlace): number {
  if (a.atMs !== b.atMs) return b.atMs - a.atMs;
  return a.id === b.id ? 0 : a.id > b.id ? -1 : 1;
}
