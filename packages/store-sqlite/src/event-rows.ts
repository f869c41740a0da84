import { AppError, FIRST_PREVIOUS_HASH, sealEvents } from '@dogwatch/core';
import type { Actor, JsonObject, StoredEvent, StreamAppend } from '@dogwatch/core';
import type { SqliteConnection, SqlRow } from './sqlite-connection.js';

const columns = 'position, stream, version, type, schema_version, at, actor, data, previous_hash, hash';

/** Where a stream ends. */
export interface StreamHead {
  readonly version: number;
  readonly hash: string;
}

/** Where a stream ends; version 0 for one that does not exist. */
export function readHead(connection: SqliteConnection, stream: string): StreamHead {
  const row = connection.get('SELECT version, hash FROM events WHERE stream = ? ORDER BY version DESC LIMIT 1', stream);
  return row === null
    ? { version: 0, hash: FIRST_PREVIOUS_HASH }
    : { version: Number(row['version']), hash: String(row['hash']) };
}

/** Adds events at the end of a stream. */
export function insertEvents(
  connection: SqliteConnection,
  append: StreamAppend,
  head: StreamHead,
): readonly StoredEvent[] {
  const sealed = sealEvents({
    stream: append.stream,
    previousVersion: head.version,
    previousHash: head.hash,
    events: append.events,
  });
  return sealed.map((event) => {
    const position = connection.run(
      `INSERT INTO events (${columns}) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      event.stream,
      event.version,
      event.type,
      event.schemaVersion,
      event.at,
      JSON.stringify(event.actor),
      JSON.stringify(event.data),
      event.previousHash,
      event.hash,
    );
    return { ...event, position };
  });
}

/** Events of one stream in order of version; a limit of -1 is none. */
export function selectStream(
  connection: SqliteConnection,
  stream: string,
  range: { readonly fromVersion: number; readonly limit: number },
): readonly StoredEvent[] {
  const sql = `SELECT ${columns} FROM events WHERE stream = ? AND version >= ? ORDER BY version LIMIT ?`;
  return connection.all(sql, stream, range.fromVersion, range.limit).map(toEvent);
}

/** Events of all streams in order of position. */
export function selectAfter(
  connection: SqliteConnection,
  range: { readonly afterPosition: number; readonly limit: number },
): readonly StoredEvent[] {
  const sql = `SELECT ${columns} FROM events WHERE position > ? ORDER BY position LIMIT ?`;
  return connection.all(sql, range.afterPosition, range.limit).map(toEvent);
}

/** The newest position; 0 for an empty log. */
export function selectLastPosition(connection: SqliteConnection): number {
  return Number(connection.get('SELECT max(position) AS position FROM events')?.['position'] ?? 0);
}

function toEvent(row: SqlRow): StoredEvent {
  return {
    position: Number(row['position']),
    stream: String(row['stream']),
    version: Number(row['version']),
    type: String(row['type']),
    schemaVersion: Number(row['schema_version']),
    at: String(row['at']),
    actor: readJson(row, 'actor') as unknown as Actor,
    data: readJson(row, 'data'),
    previousHash: String(row['previous_hash']),
    hash: String(row['hash']),
  };
}

function readJson(row: SqlRow, column: 'actor' | 'data'): JsonObject {
  try {
    return JSON.parse(String(row[column])) as JsonObject;
  } catch (error) {
    throw new AppError(
      'DW_LOG_EVENT_UNREADABLE',
      `Version ${row['version']} of the stream '${row['stream']}' was changed from outside: its ${column} is no JSON. ` +
        'Take the backup of the store, and find out who did it.',
      { cause: error },
    );
  }
}
