import type { ApprovalSummary, IncidentLog, RunSummary, SummaryKind } from '@dogwatch/core';
import { incidentStream } from './incident-events.js';
import type { IncidentCase } from './incident-message.js';
import type { IncidentRepository } from './incident-repository.js';

/** The runs and approvals of an incident, newest first. */
export async function readCaseRows(log: IncidentLog, id: string): Promise<Omit<IncidentCase, 'state'>> {
  const read = async <T>(kind: SummaryKind): Promise<readonly T[]> => {
    const page = await log.listSummaries({ kind, stream: incidentStream(id), limit: 100 });
    return page.items.map((row) => row.data as unknown as T);
  };
  return { runs: await read<RunSummary>('run'), approvals: await read<ApprovalSummary>('approval') };
}

/** An incident with its runs and approvals, or `null` for an unknown id. */
export async function readCase(
  { log, repository }: { readonly log: IncidentLog; readonly repository: IncidentRepository },
  id: string,
): Promise<IncidentCase | null> {
  const incident = await repository.load(id);
  return incident === null ? null : { state: incident.state, ...(await readCaseRows(log, id)) };
}
