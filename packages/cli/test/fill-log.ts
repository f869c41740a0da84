import type { IncidentLog, NewEvent, SummaryWrite } from '@dogwatch/core';

const actor = { channelType: 'web', userId: 'anna' };
const at = '2026-01-02T03:04:05.000Z';
const event = (type: string, data: NewEvent['data'] = {}): NewEvent => ({ type, schemaVersion: 1, at, actor, data });

function incident(id: string, change: Partial<SummaryWrite> = {}): SummaryWrite {
  const row = {
    kind: 'incident',
    id,
    stream: `incident/${id}`,
    open: true,
    key: `lab/Pod/a/${id}`,
    namespace: 'a',
  } as const;
  return { ...row, at, data: { title: `incident ${id}` }, isNew: true, ...change };
}

/** Puts a resolved incident, an open one and a source into a log: five events in three streams. */
export async function fillLog(log: IncidentLog): Promise<void> {
  await log.append({
    appends: [{ stream: 'incident/aaaa22', expectedVersion: 0, events: [event('opened')] }],
    summaries: [incident('aaaa22')],
  });
  await log.append({
    appends: [
      { stream: 'source/alertmanager', expectedVersion: 0, events: [event('received', { raw: 'a\u2028b\nc' })] },
    ],
  });
  await log.append({
    appends: [
      {
        stream: 'incident/aaaa22',
        expectedVersion: 1,
        events: [event('comment', { text: 'é\u0000\ud800' }), event('resolved')],
      },
    ],
    summaries: [incident('aaaa22', { open: false, isNew: false })],
  });
  await log.append({
    appends: [{ stream: 'incident/bbbb33', expectedVersion: 0, events: [event('opened')] }],
    summaries: [incident('bbbb33')],
  });
}
