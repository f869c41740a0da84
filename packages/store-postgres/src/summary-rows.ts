import { decodeSummaryCursor, encodeSummaryCursor, isLogName, summaryLimit } from '@dogwatch/core';
import type { JsonObject, StoredSummary, SummaryKind, SummaryPage, SummaryQuery } from '@dogwatch/core';
import type { QueryResultRow } from 'pg';
import type { Queries } from './postgres-database.js';
import { fromStoredText, toStoredText } from './stored-text.js';

const columns = 'id, kind, stream, open, key, namespace, at, at_ms, data, position';
const newestFirst = 'ORDER BY at_ms DESC, id DESC';
const maxPrefixMatches = 10;

/** One summary by its id, or `null`. */
export async function selectSummary(queries: Queries, id: string): Promise<StoredSummary | null> {
  const text = `SELECT ${columns} FROM summaries WHERE id = $1`;
  const [row] = await queries.rows({ name: 'select-summary', text, values: [id] });
  return row === undefined ? null : toSummary(row);
}

/** A page of summaries. */
export async function selectPage(queries: Queries, query: SummaryQuery): Promise<SummaryPage> {
  const limit = summaryLimit(query);
  const clauses: string[] = [];
  const values: unknown[] = [];
  const must = (clause: (place: string) => string, value: unknown): void => {
    values.push(value);
    clauses.push(clause(`$${values.length}`));
  };
  must((place) => `kind = ${place}`, query.kind);
  if (query.namespace !== undefined) must((place) => `namespace = ${place}`, toStoredText(query.namespace));
  if (query.key !== undefined) must((place) => `key = ${place}`, toStoredText(query.key));
  if (query.stream !== undefined) must((place) => `stream = ${place}`, isLogName(query.stream) ? query.stream : null);
  // Spelled out, because a partial index serves only a condition that is known when the statement is prepared.
  if (query.open !== undefined) clauses.push(query.open ? 'open' : 'NOT open');
  // Who asks by key or stream wants the history.
  if (query.key === undefined && query.stream === undefined) clauses.push('NOT archived');
  if (query.cursor !== undefined) {
    const after = decodeSummaryCursor(query.cursor);
    values.push(after.atMs, after.id);
    clauses.push(`(at_ms, id) < ($${values.length - 1}::bigint, $${values.length}::text)`);
  }
  // One more than asked tells whether there is a next page.
  values.push(limit + 1);
  const text = `SELECT ${columns} FROM summaries WHERE ${clauses.join(' AND ')} ${newestFirst} LIMIT $${values.length}`;
  const rows = await queries.rows({ text, values });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(toSummary),
    next: last === undefined ? null : encodeSummaryCursor({ atMs: Number(last['at_ms']), id: String(last['id']) }),
  };
}

/** Summaries whose id starts with a prefix, newest first; archived ones by their whole id alone. */
export async function selectByPrefix(queries: Queries, prefix: string): Promise<readonly StoredSummary[]> {
  const end = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  const text = `SELECT ${columns} FROM summaries WHERE id >= $1 AND id < $2 AND (NOT archived OR id = $1)
    ${newestFirst} LIMIT $3`;
  const rows = await queries.rows({ name: 'select-by-prefix', text, values: [prefix, end, maxPrefixMatches] });
  return rows.map(toSummary);
}

/** Summaries last written after a position, whole appends only. */
export async function selectWrittenAfter(
  queries: Queries,
  range: { readonly afterPosition: number; readonly limit: number },
): Promise<readonly StoredSummary[]> {
  const text = `SELECT ${columns} FROM summaries WHERE position > $1 AND position <= coalesce(
      (SELECT position FROM summaries WHERE position > $1 ORDER BY position LIMIT 1 OFFSET $2), $3)
    ORDER BY position, id`;
  const values = [range.afterPosition, range.limit - 1, Number.MAX_SAFE_INTEGER];
  return (await queries.rows({ name: 'select-written-after', text, values })).map(toSummary);
}

function toSummary(row: QueryResultRow): StoredSummary {
  return {
    kind: row['kind'] as SummaryKind,
    id: row['id'] as string,
    stream: row['stream'] as string,
    open: row['open'] as boolean,
    key: fromStoredText(row['key']),
    namespace: fromStoredText(row['namespace']),
    at: row['at'] as string,
    data: row['data'] as JsonObject,
    position: Number(row['position']),
  };
}
