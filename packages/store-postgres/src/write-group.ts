import type { AppendBatch, AppendResult, SummaryKind } from '@dogwatch/core';
import { bringBack } from './archive-rows.js';
import { everyEvent } from './event-rows.js';
import { GroupState, type KnownSummary, type PlacedSummary, type StoredState, type StreamHead } from './group-state.js';
import type { PostgresDatabase, Queries } from './postgres-database.js';
import { fromStoredText, toStoredText } from './stored-text.js';

/** The channel of the hints; the payload is who appended. */
export const HINT_CHANNEL = 'dogwatch_log';

/** What became of one append of a group: its result, or what it threw. */
export type Outcome = { readonly result: AppendResult } | { readonly error: unknown };

// So long a replica may hold all others up that has the lock and says nothing: one that is frozen, or whose host is gone.
const maxSilenceMs = 3_000;

/** Whoever has locked the row gives the next positions, and gives the lock back only when they can be read. */
export const LOCK_HEAD = `SET LOCAL idle_in_transaction_session_timeout = ${maxSilenceMs}; SELECT position FROM log_head FOR UPDATE`;

const readState = `SELECT
  (SELECT json_agg(json_build_array(asked.stream, head.version, head.hash))
    FROM unnest($1::text[]) AS asked (stream)
    CROSS JOIN LATERAL (
      SELECT version, hash FROM ${everyEvent} WHERE event.stream = asked.stream ORDER BY version DESC LIMIT 1
    ) AS head) AS heads,
  (SELECT json_agg(DISTINCT stream) FROM summaries WHERE archived AND stream = ANY ($4::text[])) AS archived,
  (SELECT json_agg(json_build_array(id, kind, stream, at, key, open)) FROM (
      SELECT id, kind, stream, at, key, open FROM summaries WHERE id = ANY ($2::text[])
      UNION
      SELECT id, kind, stream, at, key, open FROM summaries WHERE key = ANY ($3::text[]) AND kind = 'incident' AND open
    ) AS found) AS summaries`;

const writeAll = `WITH written_events AS (
  INSERT INTO events (position, stream, version, type, schema_version, at, actor, data, previous_hash, hash)
  SELECT position, stream, version, type, schema_version, at, actor::json, data::json, previous_hash, hash
  FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::text[]) AS given (position, stream, version, type, schema_version, at, actor, data, previous_hash, hash)
), written_summaries AS (
  INSERT INTO summaries (id, kind, stream, open, key, namespace, at, at_ms, data, position)
  SELECT id, kind, stream, open, key, namespace, at, at_ms, data::json, position
  FROM unnest($11::text[], $12::text[], $13::text[], $14::boolean[], $15::text[], $16::text[], $17::text[], $18::bigint[],
    $19::text[], $20::bigint[]) WITH ORDINALITY
    AS given (id, kind, stream, open, key, namespace, at, at_ms, data, position, place)
  ORDER BY place
  ON CONFLICT (id) DO UPDATE
  SET open = excluded.open, namespace = excluded.namespace, data = excluded.data, position = excluded.position
)
UPDATE log_head SET position = $21 RETURNING pg_notify('${HINT_CHANNEL}', $22)`;

/** Writes appends that have been checked in one transaction; one that is refused, or throws, does not touch the others. */
export async function writeGroup(
  database: PostgresDatabase,
  batches: readonly AppendBatch[],
  writer: string,
): Promise<readonly Outcome[]> {
  return database.transaction(LOCK_HEAD, async (queries, [head]) => {
    const state = new GroupState(await readStored(queries, batches, Number(head?.['position'] ?? 0)));
    const outcomes = batches.map((batch) => attempt(() => state.take(batch)));
    if (state.returning.length > 0) await bringBack(queries, state.returning);
    if (state.events.length > 0) {
      const values = [...eventValues(state), ...summaryValues(state.summaries), state.position, writer];
      await queries.rows({ name: 'write-all', text: writeAll, values });
    }
    return outcomes;
  });
}

function attempt(take: () => AppendResult): Outcome {
  try {
    return { result: take() };
  } catch (error) {
    return { error };
  }
}

async function readStored(queries: Queries, batches: readonly AppendBatch[], position: number): Promise<StoredState> {
  const summaries = batches.flatMap((batch) => batch.summaries ?? []);
  const streams = new Set(batches.flatMap((batch) => batch.appends.map((append) => append.stream)));
  const ids = new Set(summaries.map((summary) => summary.id));
  const keys = new Set(
    summaries.flatMap(({ kind, open, key }) => (kind === 'incident' && open && key !== null ? [key] : [])),
  );
  const touched = new Set([...streams, ...summaries.map((summary) => summary.stream)]);
  const values = [[...streams], [...ids], [...keys].map(toStoredText), [...touched]];
  const [row] = await queries.rows({ name: 'read-state', text: readState, values });
  const archived = new Set((row?.['archived'] ?? []) as readonly string[]);
  return { position, heads: toHeads(row?.['heads']), summaries: toKnown(row?.['summaries']), archived };
}

function toHeads(value: unknown): ReadonlyMap<string, StreamHead> {
  const rows = (value ?? []) as readonly (readonly [string, number, string])[];
  return new Map(rows.map(([stream, version, hash]) => [stream, { version, hash }]));
}

function toKnown(value: unknown): readonly KnownSummary[] {
  const rows = (value ?? []) as readonly (readonly [string, SummaryKind, string, string, string | null, boolean])[];
  return rows.map(([id, kind, stream, at, key, open]) => ({ id, kind, stream, at, key: fromStoredText(key), open }));
}

function eventValues({ events }: GroupState): readonly unknown[] {
  return [
    events.map((event) => event.position),
    events.map((event) => event.stream),
    events.map((event) => event.version),
    events.map((event) => event.type),
    events.map((event) => event.schemaVersion),
    events.map((event) => event.at),
    events.map((event) => JSON.stringify(event.actor)),
    events.map((event) => JSON.stringify(event.data)),
    events.map((event) => event.previousHash),
    events.map((event) => event.hash),
  ];
}

function summaryValues(summaries: readonly PlacedSummary[]): readonly unknown[] {
  return [
    summaries.map((summary) => summary.id),
    summaries.map((summary) => summary.kind),
    summaries.map((summary) => summary.stream),
    summaries.map((summary) => summary.open),
    summaries.map((summary) => toStoredText(summary.key)),
    summaries.map((summary) => toStoredText(summary.namespace)),
    summaries.map((summary) => summary.at),
    summaries.map((summary) => Date.parse(summary.at)),
    summaries.map((summary) => JSON.stringify(summary.data)),
    summaries.map((summary) => summary.position),
  ];
}
