import { SYSTEM_ACTOR, isoTime } from '@dogwatch/core';
import type { IncidentLog, StoredEvent } from '@dogwatch/core';
import type { AlertBatch } from './alert-payload.js';
import { ALERTMANAGER } from './alert-event.js';

/** The stream of everything that Alertmanager sent. */
export const ALERT_STREAM = 'source/alertmanager';

const readLimit = 100;

/** Broken alerts that were kept aside. */
export type BrokenNote = { readonly total: number; readonly lastAt: string; readonly lastProblem: string };

/** How far the stream has been correlated. */
export type InboxCursor = {
  /** Version of the last event that needs no more work. */
  readonly version: number;
  readonly broken: BrokenNote | null;
};

/** A batch with its place in the stream. */
export interface StoredBatch {
  readonly version: number;
  readonly at: string;
  readonly batch: AlertBatch;
}

/** What Alertmanager sent, in the log: batches go in before they are answered, and come out until they are correlated. */
export class AlertInbox {
  constructor(private readonly log: IncidentLog) {}

  /** Stores a batch; durable when it resolves. */
  async store(batch: AlertBatch, now: number): Promise<void> {
    const event = { type: 'alerts-received', schemaVersion: 1, at: isoTime(now), actor: SYSTEM_ACTOR, data: batch };
    await this.log.append({ appends: [{ stream: ALERT_STREAM, expectedVersion: 'any', events: [event] }] });
  }

  async readCursor(): Promise<InboxCursor> {
    const row = await this.log.getSummary(ALERTMANAGER);
    return row === null ? { version: 0, broken: null } : (row.data as unknown as InboxCursor);
  }

  /** The next batches after the cursor, and the version up to which was read; equal to the cursor's when nothing is left. */
  async readAfter(
    cursor: InboxCursor,
  ): Promise<{ readonly batches: readonly StoredBatch[]; readonly version: number }> {
    const events = await this.log.readStream(ALERT_STREAM, { fromVersion: cursor.version + 1, limit: readLimit });
    const version = events.at(-1)?.version ?? cursor.version;
    return { batches: events.filter((event) => event.type === 'alerts-received').map(toBatch), version };
  }

  /** Remembers that all up to `cursor` is correlated. */
  async moveCursor(from: InboxCursor, to: InboxCursor, now: number): Promise<void> {
    const at = isoTime(now);
    const isNew = (await this.log.getSummary(ALERTMANAGER)) === null;
    await this.log.append({
      appends: [
        {
          stream: ALERT_STREAM,
          expectedVersion: 'any',
          events: [
            {
              type: 'alerts-correlated',
              schemaVersion: 1,
              at,
              actor: SYSTEM_ACTOR,
              data: { fromVersion: from.version + 1, toVersion: to.version },
            },
          ],
        },
      ],
      summaries: [
        {
          kind: 'source',
          id: ALERTMANAGER,
          stream: ALERT_STREAM,
          open: false,
          key: null,
          namespace: null,
          at: startOfSource,
          data: to,
          isNew,
        },
      ],
    });
  }
}

// `at` of a summary never changes; a source has always been there.
const startOfSource = '1970-01-01T00:00:00.000Z';

function toBatch(event: StoredEvent): StoredBatch {
  return { version: event.version, at: event.at, batch: event.data as unknown as AlertBatch };
}
