import { setImmediate } from 'node:timers/promises';
import { MemoryIncidentLog } from '@dogwatch/core';
import type {
  AppendBatch,
  AppendResult,
  ArchiveRequest,
  StoredEvent,
  StoredSummary,
  SummaryPage,
  SummaryQuery,
} from '@dogwatch/core';

/** Archives nothing. */
export class NothingArchived extends MemoryIncidentLog {
  override async archiveStreams(): Promise<readonly string[]> {
    return [];
  }
}

/** Archives everything that has a summary, however young and open. */
export class AllArchived extends MemoryIncidentLog {
  private readonly gone = new Set<string>();

  override async archiveStreams(): Promise<readonly string[]> {
    const all = await super.summariesAfter({ afterPosition: 0, limit: 1_000 });
    const streams = new Set(all.map((summary) => summary.stream).filter((stream) => !this.gone.has(stream)));
    for (const stream of streams) this.gone.add(stream);
    return [...streams];
  }
}

/** Does not look at the age. */
export class Ageless extends MemoryIncidentLog {
  override archiveStreams(request: ArchiveRequest): Promise<readonly string[]> {
    return super.archiveStreams({ ...request, before: '2027-01-01T00:00:00.000Z' });
  }
}

/** Archives more than asked. */
export class Greedy extends MemoryIncidentLog {
  override archiveStreams(request: ArchiveRequest): Promise<readonly string[]> {
    return super.archiveStreams({ ...request, limit: 500 });
  }
}

/** Archives a stream only once. */
export class OnceOnly extends MemoryIncidentLog {
  private readonly done = new Set<string>();

  override async archiveStreams(request: ArchiveRequest): Promise<readonly string[]> {
    const streams = (await super.archiveStreams(request)).filter((stream) => !this.done.has(stream));
    for (const stream of streams) this.done.add(stream);
    return streams;
  }
}

/** Leaves what is archived out of every list. */
export class HidesHistory extends MemoryIncidentLog {
  override async listSummaries(query: SummaryQuery): Promise<SummaryPage> {
    const shown = await super.listSummaries({ kind: query.kind });
    const page = await super.listSummaries(query);
    return { ...page, items: page.items.filter(({ id }) => shown.items.some((summary) => summary.id === id)) };
  }
}

/** What is archived stays archived, whatever is appended. */
export class NeverBack extends MemoryIncidentLog {
  private readonly gone = new Set<string>();

  override async archiveStreams(request: ArchiveRequest): Promise<readonly string[]> {
    const streams = await super.archiveStreams(request);
    for (const stream of streams) this.gone.add(stream);
    return streams;
  }

  override async listSummaries(query: SummaryQuery): Promise<SummaryPage> {
    const page = await super.listSummaries(query);
    return { ...page, items: page.items.filter(({ stream }) => !this.gone.has(stream)) };
  }

  override async countArchived(): Promise<number> {
    return this.gone.size;
  }
}

/** Takes a while to archive, and then knows only the events that it began with. */
export class LosesWhatComesMeanwhile extends MemoryIncidentLog {
  private readonly kept = new Map<string, readonly StoredEvent[]>();

  override async archiveStreams(request: ArchiveRequest): Promise<readonly string[]> {
    const streams = await super.archiveStreams(request);
    const copies = await Promise.all(streams.map(async (stream) => [stream, await super.readStream(stream)] as const));
    await setImmediate();
    for (const [stream, events] of copies) if (!this.kept.has(stream)) this.kept.set(stream, events);
    return streams;
  }

  override async readStream(stream: string): Promise<readonly StoredEvent[]> {
    return this.kept.get(stream) ?? super.readStream(stream);
  }
}

/** Knows nothing any more of what it has archived. */
export class Forgetful extends MemoryIncidentLog {
  private readonly gone = new Set<string>();
  private readonly goneIds = new Set<string>();

  override async archiveStreams(request: ArchiveRequest): Promise<readonly string[]> {
    const known = await super.summariesAfter({ afterPosition: 0, limit: 1_000 });
    const streams = await super.archiveStreams(request);
    for (const stream of streams) this.gone.add(stream);
    for (const { id, stream } of known) if (this.gone.has(stream)) this.goneIds.add(id);
    return streams;
  }

  override async append(batch: AppendBatch): Promise<AppendResult> {
    const appends = batch.appends.map((append) =>
      this.gone.has(append.stream) ? { ...append, stream: `${append.stream}/again` } : append,
    );
    const summaries = (batch.summaries ?? []).filter((summary) => !this.goneIds.has(summary.id));
    return super.append({ appends, summaries });
  }

  override async readStream(stream: string): Promise<readonly StoredEvent[]> {
    return this.gone.has(stream) ? [] : super.readStream(stream);
  }

  override async lastPosition(): Promise<number> {
    return this.gone.size > 0 ? 0 : super.lastPosition();
  }

  override async getSummary(id: string): Promise<StoredSummary | null> {
    return this.goneIds.has(id) ? null : super.getSummary(id);
  }
}
