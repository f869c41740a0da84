import { MemoryIncidentLog } from '@dogwatch/core';
import type { StoredEvent, StoredSummary, SummaryPage, SummaryQuery } from '@dogwatch/core';

/** Ignores from where and how much of a stream is asked. */
export class WholeStreamsOnly extends MemoryIncidentLog {
  override readStream(stream: string): Promise<readonly StoredEvent[]> {
    return super.readStream(stream);
  }
}

/** Reads streams by the beginning of their name. */
export class AlikeStreams extends MemoryIncidentLog {
  override async readStream(stream: string): Promise<readonly StoredEvent[]> {
    const all = await super.readAll({ afterPosition: 0, limit: 1_000 });
    return all.filter((event) => event.stream.startsWith(stream));
  }
}

/** Begins every page with the last event of the page before. */
export class RepeatingPages extends MemoryIncidentLog {
  override readAll(options: { afterPosition: number; limit: number }): Promise<readonly StoredEvent[]> {
    return super.readAll({ ...options, afterPosition: Math.max(0, options.afterPosition - 1) });
  }
}

/** Numbers positions from 1,000 even where there is nothing. */
export class NeverEmpty extends MemoryIncidentLog {
  override async lastPosition(): Promise<number> {
    return 1_000 + (await super.lastPosition());
  }
}

/** Hints at nothing. */
export class NoHints extends MemoryIncidentLog {
  override onAppend(): () => void {
    return () => undefined;
  }
}

/** Goes on hinting at those who no longer want it. */
export class EndlessHints extends MemoryIncidentLog {
  override onAppend(listener: () => void): () => void {
    super.onAppend(listener);
    return () => undefined;
  }
}

/** Takes writes, and says it does not. */
export class DeafLog extends MemoryIncidentLog {
  override async ping(): Promise<void> {
    throw new Error('no answer');
  }
}

/** Finds a summary by the beginning of its id. */
export class LooseIds extends MemoryIncidentLog {
  override async getSummary(id: string): Promise<StoredSummary | null> {
    const all = await super.summariesAfter({ afterPosition: 0, limit: 1_000 });
    return all.find((summary) => summary.id.startsWith(id)) ?? null;
  }
}

/** Lists each page upside down. */
export class OldestFirst extends MemoryIncidentLog {
  override async listSummaries(query: SummaryQuery): Promise<SummaryPage> {
    const page = await super.listSummaries(query);
    return { ...page, items: [...page.items].reverse() };
  }
}

/** Lists all summaries of a kind, whatever else was asked. */
export class NoConditions extends MemoryIncidentLog {
  override listSummaries({ kind, limit, cursor }: SummaryQuery): Promise<SummaryPage> {
    return super.listSummaries({ kind, limit: limit ?? 100, ...(cursor === undefined ? {} : { cursor }) });
  }
}

/** Gives out more than asked for. */
export class LargePages extends MemoryIncidentLog {
  override listSummaries(query: SummaryQuery): Promise<SummaryPage> {
    return super.listSummaries({ ...query, limit: 500 });
  }
}

/** Ends every list after its first page. */
export class OnePageOnly extends MemoryIncidentLog {
  override async listSummaries(query: SummaryQuery): Promise<SummaryPage> {
    return { ...(await super.listSummaries(query)), next: null };
  }
}

/** Pages by how many there were before. */
export class CountingPages extends MemoryIncidentLog {
  override async listSummaries({ cursor, limit = 100, ...query }: SummaryQuery): Promise<SummaryPage> {
    const from = Number(cursor ?? 0);
    const { items } = await super.listSummaries({ ...query, limit: 500 });
    return { items: items.slice(from, from + limit), next: items.length > from + limit ? String(from + limit) : null };
  }
}

/** Finds nothing but incidents by the beginning of their id. */
export class IncidentPrefixes extends MemoryIncidentLog {
  override async findSummariesByPrefix(prefix: string): Promise<readonly StoredSummary[]> {
    return (await super.findSummariesByPrefix(prefix)).filter((summary) => summary.kind === 'incident');
  }
}

/** Cuts what was written together in half. */
export class HalfAppends extends MemoryIncidentLog {
  override async summariesAfter(options: { afterPosition: number; limit: number }): Promise<readonly StoredSummary[]> {
    return (await super.summariesAfter(options)).slice(0, options.limit);
  }
}
