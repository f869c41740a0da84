import { readFolded } from '@dogwatch/core';
import type { AppendResult, FoldedStream, IncidentLog, StoredSummary } from '@dogwatch/core';
import type { IncidentDraft } from './incident-draft.js';
import { incidentStream } from './incident-events.js';
import { applyIncidentEvent, incidentFold } from './incident-state.js';
import type { IncidentState } from './incident-state.js';
import { incidentSummaryWrite } from './summarize-incident.js';

/** An incident with the version of its stream. */
export type FoldedIncident = FoldedStream<IncidentState>;

/** Reads incidents out of the log and writes their changes into it. */
export class IncidentRepository {
  constructor(private readonly log: IncidentLog) {}

  /** The incident with this id, or `null`. */
  async load(id: string): Promise<FoldedIncident | null> {
    const { state, version } = await readFolded(this.log, incidentStream(id), incidentFold(id));
    return state === null ? null : { state, version };
  }

  /** The newest incident of a key, open or not, or `null`. */
  async newestOf(key: string): Promise<FoldedIncident | null> {
    const query = { kind: 'incident', key, limit: 1 } as const;
    // An old incident that was reopened is the open one, though a newer one may exist.
    const [open] = (await this.log.listSummaries({ ...query, open: true })).items;
    const [newest] = open === undefined ? (await this.log.listSummaries(query)).items : [open];
    return newest === undefined ? null : this.load(newest.id);
  }

  /** All incidents that are not resolved. */
  async loadOpen(): Promise<readonly FoldedIncident[]> {
    const found: FoldedIncident[] = [];
    for await (const row of this.summaries({ open: true })) {
      const incident = await this.load(row.id);
      if (incident !== null && incident.state.status !== 'resolved') found.push(incident);
    }
    return found;
  }

  /** Brings an incident up to what its stream holds now. */
  async refresh({ state, version }: FoldedIncident): Promise<FoldedIncident> {
    const events = await this.log.readStream(incidentStream(state.id), { fromVersion: version + 1 });
    return events.reduce<FoldedIncident>(
      (folded, event) => ({
        state: applyIncidentEvent(state.id, folded.state, event) ?? folded.state,
        version: event.version,
      }),
      { state, version },
    );
  }

  /** Appends a draft together with the incident's summary. */
  append(draft: IncidentDraft): Promise<AppendResult> {
    return this.log.append({
      appends: [{ stream: incidentStream(draft.id), expectedVersion: draft.baseVersion, events: draft.events }],
      summaries: [incidentSummaryWrite(draft.state, draft.before === null)],
    });
  }

  /** Rows of incidents, newest first. */
  private async *summaries(query: { readonly open: boolean }): AsyncIterable<StoredSummary> {
    let cursor: string | null = null;
    do {
      const page = await this.log.listSummaries({
        kind: 'incident',
        limit: 500,
        ...query,
        ...(cursor === null ? {} : { cursor }),
      });
      yield* page.items;
      cursor = page.next;
    } while (cursor !== null);
  }
}
