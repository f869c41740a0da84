import type { IncidentLog } from '../ports/incident-log.js';

/** Calls `act` with the id of every run that has not ended, of one stream or of all (`null`), one after the other. */
export async function eachOpenRun(
  log: IncidentLog,
  stream: string | null,
  act: (runId: string) => Promise<void> | void,
): Promise<void> {
  let cursor: string | null = null;
  do {
    const page = await log.listSummaries({
      kind: 'run',
      open: true,
      limit: 500,
      ...(stream === null ? {} : { stream }),
      ...(cursor === null ? {} : { cursor }),
    });
    for (const { id } of page.items) await act(id);
    cursor = page.next;
  } while (cursor !== null);
}
