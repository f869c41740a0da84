import { MemoryIncidentLog } from '@dogwatch/core';
import type { AppendBatch, AppendResult, ArchiveRequest, StoredEvent, StoredSummary } from '@dogwatch/core';

/** Archives nothing. */
export class NothingArchived extends MemoryIncidentLog {
  override async archiveStreams(): Promise<readonly string[]> {
    return [];
  }
}

/** Archives everything that has a summary, however young and open, and lists it nowhere. */
export class AllArchived extends MemoryIncidentLog {
  override async archiveStreams(): Promise<readonly string[]> {
    const all = await super.summariesAfter({ afterPosition: 0, limit: 1_000 });
    return [...new Set(all.map((summary) => summary.stream))];
  }
}

/** Judges the age by the time that is written in the first event. */
export class AgedByBeginning extends MemoryIncidentLog {
  override async archiveStreams(request: ArchiveRequest): Promise<readonly string[]> {
    const late = { ...request, before: '2027-01-01T00:00:00.000Z' };
    const streams = await super.archiveStreams(late);
    return streams;
  }
}

/** Archives more than asked. */
export class Greedy extends MemoryIncidentLog {
  override archiveStreams(request: ArchiveRequest): Promise<readonly string[]> {
    return super.archiveStreams({ ...request, limit: 500 });
  }
}

/** Knows nothing any more of what it has archived. */
export class Forgetful extends MemoryIncidentLog {
  private readonly gone = new Set<string>();
  private readonly goneIds = new Set<string>();

  override async archiveStreams(request: ArchiveRequest): Promise<readonly string[]> {
    const before = await super.summariesAfter({ afterPosition: 0, limit: 1_000 });
    const streams = await super.archiveStreams(request);
    for (const stream of streams) this.gone.add(stream);
    for (const { id, stream } of before) if (this.gone.has(stream)) this.goneIds.add(id);
    return streams;
  }

  override async append(batch: AppendBatch): Promise<AppendResult> {
    const appends = batch.appends.map((append) =>
      this.gone.has(append.stream) ? { ...append, stream: `${append.stream}/again` } : append,
    );
    const isFree = (id: string): boolean => this.goneIds.has(id);
    const summaries = (batch.summaries ?? []).filter((summary) => !isFree(summary.id));
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
