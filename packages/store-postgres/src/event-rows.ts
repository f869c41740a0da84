import type { Actor, JsonObject, StoredEvent } from '@dogwatch/core';
import type { QueryResultRow } from 'pg';
import type { Queries } from './postgres-database.js';

const columns = 'position, stream, version, type, schema_version, at, actor, data, previous_hash, hash';

/** Every event, archived or not, to select from under the name `event`; each of them has the same indexes. */
export const everyEvent = `(SELECT ${columns} FROM events UNION ALL SELECT ${columns} FROM archived_events) AS event`;

/** Events of one stream in order of version; a limit of `null` is none. */
export async function selectStream(
  queries: Queries,
  stream: string,
  range: { readonly fromVersion: number; readonly limit: number | null },
): Promise<readonly StoredEvent[]> {
  const text = `SELECT ${columns} FROM ${everyEvent} WHERE stream = $1 AND version >= $2::bigint ORDER BY version LIMIT $3`;
  const values = [stream, range.fromVersion, range.limit];
  return (await queries.rows({ name: 'select-stream', text, values })).map(toEvent);
}

/** Events of all streams in order of position. */
export async function selectAfter(
  queries: Queries,
  range: { readonly afterPosition: number; readonly limit: number },
): Promise<readonly StoredEvent[]> {
  const text = `SELECT ${columns} FROM ${everyEvent} WHERE position > $1 ORDER BY position LIMIT $2`;
  return (await queries.rows({ name: 'select-after', text, values: [range.afterPosition, range.limit] })).map(toEvent);
}

/** The newest position; 0 for an empty log. */
export async function selectLastPosition(queries: Queries): Promise<number> {
  const [row] = await queries.rows({ name: 'last-position', text: 'SELECT position FROM log_head' });
  return Number(row?.['position'] ?? 0);
}

function toEvent(row: QueryResultRow): StoredEvent {
  return {
    position: Number(row['position']),
    stream: row['stream'] as string,
    version: row['version'] as number,
    type: row['type'] as string,
    schemaVersion: Number(row['schema_version']),
    at: row['at'] as string,
    actor: row['actor'] as Actor,
    data: row['data'] as JsonObject,
    previousHash: row['previous_hash'] as string,
    hash: row['hash'] as string,
  };
}
