import { findRefusal } from '@dogwatch/core';
import type { AppendBatch, AppendResult } from '@dogwatch/core';
import { bringBack } from './archive-rows.js';
import { insertEvents, readHead, type StreamHead } from './event-rows.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { selectIdentity, selectKeyHolders, writeSummary } from './summary-rows.js';

/** Writes a batch that has been checked, or answers why not; to be called in a transaction. */
export function writeBatch(connection: SqliteConnection, batch: AppendBatch): AppendResult {
  const summaries = batch.summaries ?? [];
  const heads = new Map(batch.appends.map(({ stream }) => [stream, readHead(connection, stream)]));
  const refusal = findRefusal(batch, {
    versionOf: (stream) => heads.get(stream)?.version ?? 0,
    identityOf: (id) => selectIdentity(connection, id),
    holdersOf: (key) => selectKeyHolders(connection, key),
  });
  if (refusal !== null) return refusal;
  const events = batch.appends.flatMap((append) =>
    insertEvents(connection, append, heads.get(append.stream) as StreamHead),
  );
  const position = events.at(-1)?.position ?? 0;
  for (const stream of new Set([...batch.appends, ...summaries].map((part) => part.stream)))
    bringBack(connection, stream);
  // What is closed comes first, to free its key for what is opened.
  for (const summary of summaries) if (!summary.open) writeSummary(connection, summary, position);
  for (const summary of summaries) if (summary.open) writeSummary(connection, summary, position);
  return { ok: true, events };
}
