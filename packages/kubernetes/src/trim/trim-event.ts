import type { EventObject } from '@dogwatch/core';
import { readInteger, readObject, readText, readTime, type RawObject } from './read-fields.js';
import { shortenMessage, type TextPool } from './text-pool.js';
import { extendBase, trimBase } from './trim-base.js';

/** Trims an Event, of the old form (count, lastTimestamp) or the new one (series, eventTime). */
export function trimEvent(raw: RawObject, pool: TextPool): EventObject {
  const base = trimBase('Event', raw, pool);
  const involved = readObject(raw.involvedObject);
  const series = readObject(raw.series);
  return extendBase(base, {
    involved: Object.freeze({
      kind: pool.share(readText(involved.kind) ?? 'Unknown'),
      namespace: pool.share(readText(involved.namespace)),
      name: pool.share(readText(involved.name) ?? ''),
      uid: pool.share(readText(involved.uid)),
    }),
    type: pool.share(readText(raw.type) ?? 'Normal'),
    reason: pool.share(readText(raw.reason) ?? ''),
    message: pool.share(shortenMessage(readText(raw.message)) ?? ''),
    count: readInteger(series.count) ?? readInteger(raw.count) ?? 1,
    lastSeenAt:
      readTime(series.lastObservedTime) ?? readTime(raw.lastTimestamp) ?? readTime(raw.eventTime) ?? base.createdAt,
  });
}
