import type { IncidentLog, StoredEvent, StoredSummary, SummaryKind } from '@dogwatch/core';
import type { LoggedRequest } from '@dogwatch/testkit';

// So many requests a simulated cluster remembers.
const maxRequests = 50_000;
const writingMethods: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE'];

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
  return {
    streams: await readStreams(log),
    incidents: await listAll(log, 'incident'),
    approvals: await listAll(log, 'approval'),
    runs: await listAll(log, 'run'),
    effects: findEffects(requests),
  };
}

async function readStreams(log: IncidentLog): Promise<ReadonlyMap<string, readonly StoredEvent[]>> {
  const streams = new Map<string, StoredEvent[]>();
  for (let position = 0; ;) {
    const events = await log.readAll({ afterPosition: position, limit: 1_000 });
    for (const event of events) {
      const stream = streams.get(event.stream);
      if (stream === undefined) streams.set(event.stream, [event]);
      else stream.push(event);
    }
    const last = events.at(-1);
    if (last === undefined) return streams;
    position = last.position;
  }
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

// The cluster notes an answer when it has done what was asked, whether or not anybody still listens for it.
function findEffects(requests: readonly LoggedRequest[]): readonly string[] {
  if (requests.length >= maxRequests) throw new Error('The cluster has forgotten its first requests.');
  return requests
    .filter(({ method, path }) => writingMethods.includes(method) && !path.startsWith('/apis/authorization.k8s.io/'))
    .filter(({ dryRun, status }) => !dryRun && status !== null && status < 300)
    .map(({ method, path, body }) => runOf(body) ?? `none: ${method} ${path}`);
}

function runOf(body: unknown): string | undefined {
  const patch = body as { metadata?: { annotations?: Record<string, string> } } | null | undefined;
  return patch?.metadata?.annotations?.['dogwatch.dev/run'];
}
