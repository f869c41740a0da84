import { checkReplacement } from '@dogwatch/core';
import type { AppendBatch, AppendResult, SummaryWrite } from '@dogwatch/core';
import { insertEvents, readHead, type StreamHead } from './event-rows.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { selectIdentity, selectKeyHolder, writeSummary } from './summary-rows.js';

type Refusal = AppendResult & { readonly ok: false };

/** Writes a batch that has been checked, or answers why not; to be called in a transaction. */
export function writeBatch(connection: SqliteConnection, batch: AppendBatch): AppendResult {
  const summaries = batch.summaries ?? [];
  const heads = batch.appends.map((append) => readHead(connection, append.stream));
  const refusal = findConflict(batch, heads) ?? findTaken(connection, summaries);
  if (refusal !== null) return refusal;
  const events = batch.appends.flatMap((append, index) => insertEvents(connection, append, heads[index] as StreamHead));
  const position = events.at(-1)?.position ?? 0;
  // What is closed comes first, to free its key for what is opened.
  for (const summary of summaries) if (!summary.open) writeSummary(connection, summary, position);
  for (const summary of summaries) if (summary.open) writeSummary(connection, summary, position);
  return { ok: true, events };
}

function findConflict(batch: AppendBatch, heads: readonly StreamHead[]): Refusal | null {
  for (const [index, { stream, expectedVersion }] of batch.appends.entries()) {
    const actualVersion = heads[index]?.version ?? 0;
    if (expectedVersion !== 'any' && expectedVersion !== actualVersion) {
      return { ok: false, reason: 'version-conflict', stream, actualVersion };
    }
  }
  return null;
}

function findTaken(connection: SqliteConnection, summaries: readonly SummaryWrite[]): Refusal | null {
  const existing = summaries.map((summary) => selectIdentity(connection, summary.id));
  for (const [index, { id, isNew }] of summaries.entries()) {
    if (isNew && existing[index]) return { ok: false, reason: 'id-taken', id };
  }
  for (const [index, summary] of summaries.entries()) {
    if (!summary.isNew) checkReplacement(summary, existing[index] ?? null);
  }
  const written = new Set(summaries.map((summary) => summary.id));
  for (const { kind, open, key } of summaries) {
    if (kind !== 'incident' || !open || key === null) continue;
    const id = selectKeyHolder(connection, key);
    if (id !== null && !written.has(id)) return { ok: false, reason: 'key-taken', key, id };
  }
  return null;
}
