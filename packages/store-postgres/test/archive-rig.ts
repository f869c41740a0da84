import type { AppendResult, IncidentLog, StoredEvent, SummaryKind } from '@dogwatch/core';

const at = '2026-01-01T00:00:00.000Z';
const actor = { channelType: 'web', userId: 'anna' };
const event = { type: 'comment', schemaVersion: 1, at, actor, data: { text: 'a\u0000\ud800 é' } };

/** What these tests write is older than this. */
export const limitAt = '2026-01-02T00:00:00.000Z';

/** How a stream differs from an incident that is over. */
export interface Written {
  readonly open?: boolean;
  readonly kind?: SummaryKind;
  readonly events?: number;
}

/** Writes an old stream `incident/<id>` with its summary. */
export function write(log: IncidentLog, id: string, how: Written = {}): Promise<AppendResult> {
  const { open = false, kind = 'incident', events = 2 } = how;
  const stream = `incident/${id}`;
  const row = { kind, id, stream, open, key: null, namespace: null, at, data: {}, isNew: true };
  const appends = [{ stream, expectedVersion: 0, events: Array.from({ length: events }, () => event) }];
  return log.append({ appends, summaries: [row] });
}

/** Appends one old event. */
export function append(log: IncidentLog, stream: string): Promise<AppendResult> {
  return log.append({ appends: [{ stream, expectedVersion: 'any', events: [event] }] });
}

/** Every event, in order of position. */
export async function readAll(log: IncidentLog): Promise<readonly StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (;;) {
    const page = await log.readAll({ afterPosition: all.at(-1)?.position ?? 0, limit: 100 });
    if (page.length === 0) return all;
    all.push(...page);
  }
}
