import { FIRST_PREVIOUS_HASH, verifyChain } from '@dogwatch/core';
import type { IncidentLog } from '@dogwatch/core';

const pageSize = 1_000;

/** The first place where a stream is not what was written. */
export interface BrokenStream {
  readonly stream: string;
  readonly version: number;
  readonly reason: string;
}

/** What a look at every event of a log found. */
export interface AuditReport {
  readonly events: number;
  readonly streams: number;
  /** One entry per broken stream, in the order in which they were met. */
  readonly broken: readonly BrokenStream[];
}

interface ChainEnd {
  readonly version: number;
  readonly hash: string;
}

/**
 * Reads the whole log and recomputes every hash chain. It finds what was changed, removed or put in between; events that
 * were cut off from the end of a stream leave no trace in it.
 */
export async function verifyLog(log: Pick<IncidentLog, 'readAll'>): Promise<AuditReport> {
  const ends = new Map<string, ChainEnd>();
  const broken = new Map<string, BrokenStream>();
  let events = 0;
  for (let afterPosition = 0; ;) {
    const page = await log.readAll({ afterPosition, limit: pageSize });
    for (const event of page) {
      const { stream, version, hash } = event;
      if (!broken.has(stream)) {
        const verdict = verifyChain([event], ends.get(stream) ?? { version: 0, hash: FIRST_PREVIOUS_HASH });
        if (!verdict.ok) broken.set(stream, { stream, version: verdict.version, reason: verdict.reason });
      }
      ends.set(stream, { version, hash });
      events += 1;
    }
    const last = page.at(-1);
    if (last === undefined) return { events, streams: ends.size, broken: [...broken.values()] };
    afterPosition = last.position;
  }
}
