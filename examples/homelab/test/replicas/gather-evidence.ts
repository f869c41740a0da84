import type { IncidentLog, StoredEvent, StoredSummary, SummaryKind } from '@dogwatch/core';
import type { LoggedRequest } from '@dogwatch/testkit';

/** What the log and the cluster say in the end. */
export interface Evidence {
  readonly streams: ReadonlyMap<string, readonly StoredEvent[]>;
  readonly incidents: readonly StoredSummary[];
  readonly approvals: readonly StoredSummary[];
  readonly runs: readonly StoredSummary[];
  /** Run ids of the writes that the cluster has carried out. */
  readonly effects: readonly string[];
}

/** Reads all of it. */
export async function gatherEvidence(log: IncidentLog, requests: readonly LoggedRequest[]): Promise<Evidence> {
  const streams = new Map<string, StoredEvent[]>();
  for (let position = 0; ;) {
    const events = await log.readAll({ afterPosition: position, limit: 1_000 });
    for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
    const last = events.at(-1);
    if (last === undefined) break;
    position = last.position;
  }
  const written = requests.filter(({ method, dryRun, status }) => method === 'PATCH' && !dryRun && status === 200);
  return {
    streams,
    incidents: await listAll(log, 'incident'),
    approvals: await listAll(log, 'approval'),
    runs: await listAll(log, 'run'),
    effects: written.map(({ body }) => runOf(body)),
  };
}

async function listAll(log: IncidentLog, kind: SummaryKind): Promise<readonly StoredSummary[]> {
  const found: StoredSummary[] = [];
  let cursor: string | null = null;
  do {
    const page = await log.listSummaries({ kind, limit: 500, ...(cursor === null ? {} : { cursor }) });
    found.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return found;
}

function runOf(body: unknown): string {
  const patch = body as { metadata?: { annotations?: Record<string, string> } };
  return patch.metadata?.annotations?.['dogwatch.dev/run'] ?? 'a write without a run id';
}
