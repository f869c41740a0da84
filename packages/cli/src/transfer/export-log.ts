import type { IncidentLog, StoredSummary } from '@dogwatch/core';
import { CliProblem } from '../cli-problem.js';
import { TRANSFER_VERSION } from './transfer-line.js';
import type { TransferCount, TransferLine } from './transfer-line.js';

const pageSize = 1_000;
const maxRounds = 10;

type ReadableLog = Pick<IncidentLog, 'readAll' | 'lastPosition' | 'summariesAfter'>;

/**
 * Writes all events and summaries as lines. Summaries are of the very moment of the last event: a log that grows
 * meanwhile is followed until it rests, and given up when it does not.
 */
export async function exportLog(log: ReadableLog, write: (line: string) => Promise<void>): Promise<TransferCount> {
  const put = (line: TransferLine): Promise<void> => write(`${JSON.stringify(line)}\n`);
  await put({ kind: 'header', format: 'dogwatch-log', version: TRANSFER_VERSION });
  let events = 0;
  let position = 0;
  for (let round = 0; round < maxRounds; round++) {
    for (;;) {
      const page = await log.readAll({ afterPosition: position, limit: pageSize });
      for (const { position: at, ...event } of page) {
        await put({ kind: 'event', event });
        position = at;
        events += 1;
      }
      if (page.length === 0) break;
    }
    const summaries = await readSummaries(log);
    if ((await log.lastPosition()) !== position) continue;
    for (const { position: _, ...summary } of summaries) await put({ kind: 'summary', summary });
    await put({ kind: 'end', events, summaries: summaries.length });
    return { events, summaries: summaries.length };
  }
  throw new CliProblem(
    'The log grew all the time while it was exported. Stop every Dogwatch that writes to it, then try again.',
  );
}

async function readSummaries(log: ReadableLog): Promise<readonly StoredSummary[]> {
  const byId = new Map<string, StoredSummary>();
  for (let afterPosition = 0; ;) {
    const page = await log.summariesAfter({ afterPosition, limit: pageSize });
    for (const summary of page) byId.set(summary.id, summary);
    const last = page.at(-1);
    if (last === undefined) return [...byId.values()];
    afterPosition = last.position;
  }
}
