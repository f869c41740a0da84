import { decodeSummaryCursor, encodeSummaryCursor, isLogName, summaryLimit } from '@dogwatch/core';
import type { JsonObject, StoredSummary, SummaryKind, SummaryPage, SummaryQuery, SummaryWrite } from '@dogwatch/core';
import type { SqliteConnection, SqlRow, SqlValue } from './sqlite-connection.js';

const columns = 'id, kind, stream, open, key, namespace, at, data, position';
const newestFirst = 'ORDER BY at_ms DESC, id DESC';
const maxPrefixMatches = 10;

/** One summary by its id, or `null`. */
export function selectSummary(connection: SqliteConnection, id: string): StoredSummary | null {
  const row = connection.get(`SELECT ${columns} FROM summaries WHERE id = ?`, id);
  return row && toSummary(row);
}

/** What never changes of a summary, or `null` where there is none with this id. */
export function selectIdentity(
  connection: SqliteConnection,
  id: string,
): Pick<StoredSummary, 'kind' | 'stream' | 'at' | 'key'> | null {
  const row = connection.get('SELECT kind, stream, at, key FROM summaries WHERE id = ?', id);
  if (row === null) return null;
  const { kind, stream, at, key } = row;
  return { kind: kind as SummaryKind, stream: String(stream), at: String(at), key: fromText(key) };
}

/** The ids of the open incidents that have a key; the database keeps them to one. */
export function selectKeyHolders(connection: SqliteConnection, key: string): readonly string[] {
  const sql = "SELECT id FROM summaries WHERE key = ? AND kind = 'incident' AND open = 1 AND key IS NOT NULL";
  return connection.all(sql, toText(key)).map((row) => String(row['id']));
}

/** Inserts or replaces a summary as of a position. */
export function writeSummary(connection: SqliteConnection, summary: SummaryWrite, position: number): void {
  const open = summary.open ? 1 : 0;
  const data = JSON.stringify(summary.data);
  if (!summary.isNew) {
    const sql = 'UPDATE summaries SET open = ?, namespace = ?, data = ?, position = ? WHERE id = ?';
    connection.run(sql, open, toText(summary.namespace), data, position, summary.id);
    return;
  }
  connection.run(
    `INSERT INTO summaries (${columns}, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    summary.id,
    summary.kind,
    summary.stream,
    open,
    toText(summary.key),
    toText(summary.namespace),
    summary.at,
    data,
    position,
    Date.parse(summary.at),
  );
}

/** A page of summaries. */
export function selectPage(connection: SqliteConnection, query: SummaryQuery): SummaryPage {
  const limit = summaryLimit(query);
  const conditions: [string, SqlValue][] = [['kind = ?', query.kind]];
  if (query.namespace !== undefined) conditions.push(['namespace = ?', toText(query.namespace)]);
  if (query.key !== undefined) conditions.push(['key = ?', toText(query.key)]);
  if (query.stream !== undefined) conditions.push(['stream = ?', isLogName(query.stream) ? query.stream : null]);
  const values = conditions.map(([, value]) => value);
  const clauses = conditions.map(([clause]) => clause);
  // Spelled out, because a partial index serves only a condition that is known when the statement is prepared.
  if (query.open !== undefined) clauses.push(query.open ? 'open = 1' : 'open = 0');
  // Who asks by key or stream wants the history.
  if (query.key === undefined && query.stream === undefined) clauses.push('archived = 0');
  if (query.cursor !== undefined) {
    const after = decodeSummaryCursor(query.cursor);
    clauses.push('(at_ms, id) < (?, ?)');
    values.push(after.atMs, after.id);
  }
  const sql = `SELECT ${columns}, at_ms FROM summaries WHERE ${clauses.join(' AND ')} ${newestFirst} LIMIT ?`;
  // One more than asked tells whether there is a next page.
  const rows = connection.all(sql, ...values, limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(toSummary),
    next: last === undefined ? null : encodeSummaryCursor({ atMs: Number(last['at_ms']), id: String(last['id']) }),
  };
}

/** Summaries whose id starts with a prefix, newest first; archived ones by their whole id alone. */
export function selectByPrefix(connection: SqliteConnection, prefix: string): readonly StoredSummary[] {
  const end = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  const sql = `SELECT ${columns} FROM summaries WHERE id >= ? AND id < ? AND (archived = 0 OR id = ?) ${newestFirst} LIMIT ?`;
  return connection.all(sql, prefix, end, prefix, maxPrefixMatches).map(toSummary);
}

/** Summaries last written after a position, whole appends only. */
export function selectWrittenAfter(
  connection: SqliteConnection,
  range: { readonly afterPosition: number; readonly limit: number },
): readonly StoredSummary[] {
  const { afterPosition, limit } = range;
  const sql = `SELECT ${columns} FROM summaries WHERE position > ? AND position <= coalesce(
      (SELECT position FROM summaries WHERE position > ? ORDER BY position LIMIT 1 OFFSET ?), ?)
    ORDER BY position, id`;
  return connection.all(sql, afterPosition, afterPosition, limit - 1, Number.MAX_SAFE_INTEGER).map(toSummary);
}

/** Any text, or none, in a form that SQLite keeps. */
function toText(value: string | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

function fromText(value: SqlValue | undefined): string | null {
  return typeof value === 'string' ? (JSON.parse(value) as string) : null;
}

function toSummary(row: SqlRow): StoredSummary {
  return {
    kind: row['kind'] as SummaryKind,
    id: String(row['id']),
    stream: String(row['stream']),
    open: row['open'] === 1,
    key: fromText(row['key']),
    namespace: fromText(row['namespace']),
    at: String(row['at']),
    data: JSON.parse(String(row['data'])) as JsonObject,
    position: Number(row['position']),
  };
}
