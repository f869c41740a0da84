import type { AppendBatch } from '../ports/incident-log.js';

/** A copy for a store that writes later, since the owner of the batch may change it in the meantime; for implementers. */
export function copyAppendBatch(batch: AppendBatch): AppendBatch {
  const appends = batch.appends.map((append) => ({
    ...append,
    events: append.events.map((event) => ({ ...event, actor: { ...event.actor }, data: structuredClone(event.data) })),
  }));
  const summaries = (batch.summaries ?? []).map((summary) => ({ ...summary, data: structuredClone(summary.data) }));
  return { appends, summaries };
}
