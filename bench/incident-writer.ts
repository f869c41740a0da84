import { SYSTEM_ACTOR, type AppendBatch, type SummaryWrite } from '@dogwatch/core';

/** When everything that is written began. */
export const WRITTEN_AT = '2026-01-01T00:00:00.000Z';
const eventsPerIncident = 10;

/** What an observed problem says. */
export const PROBLEM = {
  facet: 'crash_loop',
  eventType: 'crash_loop',
  message:
    "Container 'app' exited with code 1 and waits to be restarted, after 7 restarts; image registry.local/app:1.2.3.",
  occurrence: '0a1b2c3d-0000-4000-8000-000000000000/app/7',
  facts: { container: 'app', exitCode: 1, restarts: 7, image: 'registry.local/app:1.2.3', node: 'worker-1' },
};

/** The summary of an incident. */
export function summaryOf(id: string, stream: string, isNew: boolean): SummaryWrite {
  const at = WRITTEN_AT;
  return { kind: 'incident', id, stream, open: true, key: id, namespace: 'prod', at, data: PROBLEM, isNew };
}

/** Incidents of ten events each, one after the other; every event rewrites the incident's summary. */
export class IncidentWriter {
  private made = 0;

  constructor(private readonly name: string) {}

  next(): AppendBatch {
    const version = this.made % eventsPerIncident;
    const id = `${this.name}i${(this.made - version) / eventsPerIncident}`;
    this.made += 1;
    const stream = `incident/${id}`;
    const event = { type: 'problem-observed', schemaVersion: 1, at: WRITTEN_AT, actor: SYSTEM_ACTOR, data: PROBLEM };
    return {
      appends: [{ stream, expectedVersion: version, events: [event] }],
      summaries: [summaryOf(id, stream, version === 0)],
    };
  }
}
