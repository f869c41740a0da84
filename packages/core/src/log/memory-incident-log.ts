import type {
  AppendBatch,
  AppendResult,
  IncidentLog,
  StoredEvent,
  StoredSummary,
  SummaryPage,
  SummaryQuery,
  SummaryWrite,
} from '../ports/incident-log.js';
import { ARCHIVABLE_KINDS } from '../ports/log-archive.js';
import type { ArchiveRequest, LogArchive } from '../ports/log-archive.js';
import {
  checkAppendBatch,
  checkArchiveRequest,
  checkIdPrefix,
  checkReadAfter,
  checkReadStream,
  summaryLimit,
} from './check-log-input.js';
import { findRefusal } from './find-refusal.js';
import { FIRST_PREVIOUS_HASH, frozenCopy, sealEvents } from './hash-chain.js';
import { compareSummaryPlaces, decodeSummaryCursor, encodeSummaryCursor, type SummaryPlace } from './summary-cursor.js';

const maxPrefixMatches = 10;

/** An `IncidentLog` that lives and dies with the process: for tests and for trying things out. */
export class MemoryIncidentLog implements IncidentLog, LogArchive {
  private readonly events: StoredEvent[] = [];
  private readonly streams = new Map<string, StoredEvent[]>();
  private readonly summaries = new Map<string, StoredSummary>();
  private readonly archived = new Set<string>();
  private readonly listeners = new Set<() => void>();

  async append(batch: AppendBatch): Promise<AppendResult> {
    checkAppendBatch(batch);
    // Nothing below awaits, so no other append comes in between.
    const refusal = findRefusal(batch, {
      versionOf: (stream) => this.streams.get(stream)?.length ?? 0,
      identityOf: (id) => this.summaries.get(id) ?? null,
      holdersOf: (key) => this.holdersOf(key),
    });
    if (refusal !== null) return refusal;
    const stored = batch.appends.flatMap((append) => {
      const stream = this.streams.get(append.stream) ?? [];
      this.streams.set(append.stream, stream);
      const last = stream.at(-1);
      const sealed = sealEvents({
        stream: append.stream,
        previousVersion: last?.version ?? 0,
        previousHash: last?.hash ?? FIRST_PREVIOUS_HASH,
        events: append.events,
      });
      return sealed.map((event) => {
        const placed = Object.freeze({ ...event, position: this.events.length + 1 });
        this.events.push(placed);
        stream.push(placed);
        return placed;
      });
    });
    for (const { stream } of [...batch.appends, ...(batch.summaries ?? [])]) this.archived.delete(stream);
    for (const summary of batch.summaries ?? []) {
      this.summaries.set(summary.id, toStored(summary, this.events.length));
    }
    // A listener that throws must not make an append fail that has happened.
    for (const listener of this.listeners) queueMicrotask(listener);
    return { ok: true, events: stored };
  }

  private holdersOf(key: string): readonly string[] {
    const all = [...this.summaries.values()];
    return all.filter((one) => one.kind === 'incident' && one.open && one.key === key).map((one) => one.id);
  }

  async readStream(
    stream: string,
    options: { fromVersion?: number; limit?: number } = {},
  ): Promise<readonly StoredEvent[]> {
    checkReadStream(options);
    const { fromVersion = 1, limit = Infinity } = options;
    return (this.streams.get(stream) ?? []).slice(fromVersion - 1, fromVersion - 1 + limit);
  }

  async readAll(options: { afterPosition: number; limit: number }): Promise<readonly StoredEvent[]> {
    checkReadAfter(options);
    return this.events.slice(options.afterPosition, options.afterPosition + options.limit);
  }

  async lastPosition(): Promise<number> {
    return this.events.length;
  }

  async getSummary(id: string): Promise<StoredSummary | null> {
    return this.summaries.get(id) ?? null;
  }

  async findSummariesByPrefix(prefix: string): Promise<readonly StoredSummary[]> {
    checkIdPrefix(prefix);
    const isFound = ({ id, stream }: StoredSummary): boolean =>
      id === prefix || (id.startsWith(prefix) && !this.archived.has(stream));
    return this.newestFirst(isFound).slice(0, maxPrefixMatches);
  }

  async listSummaries(query: SummaryQuery): Promise<SummaryPage> {
    const limit = summaryLimit(query);
    const after = query.cursor === undefined ? null : decodeSummaryCursor(query.cursor);
    const isHistory = query.stream !== undefined || query.key !== undefined;
    const found = this.newestFirst(
      (summary) =>
        isMatch(summary, query) &&
        (isHistory || !this.archived.has(summary.stream)) &&
        (after === null || compareSummaryPlaces(after, placeOf(summary)) < 0),
    );
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, next: found.length > limit && last ? encodeSummaryCursor(placeOf(last)) : null };
  }

  async summariesAfter(options: { afterPosition: number; limit: number }): Promise<readonly StoredSummary[]> {
    checkReadAfter(options);
    const found = [...this.summaries.values()]
      .filter((summary) => summary.position > options.afterPosition)
      .sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));
    const cut = found[options.limit - 1]?.position ?? Infinity;
    return found.filter((summary) => summary.position <= cut);
  }

  async archiveStreams(request: ArchiveRequest): Promise<readonly string[]> {
    const beforeMs = checkArchiveRequest(request);
    const oldestFirst = this.newestFirst(({ stream }) => !this.archived.has(stream)).reverse();
    const streams = [...new Set(oldestFirst.map((summary) => summary.stream))]
      .filter((stream) => this.isOver(stream, beforeMs))
      .slice(0, request.limit);
    for (const stream of streams) this.archived.add(stream);
    return streams;
  }

  async countArchived(): Promise<number> {
    return this.archived.size;
  }

  private isOver(stream: string, beforeMs: number): boolean {
    const newest = this.streams.get(stream)?.at(-1);
    if (newest === undefined || Date.parse(newest.at) >= beforeMs) return false;
    const own = [...this.summaries.values()].filter((summary) => summary.stream === stream);
    return own.every(({ kind, open, at }) => !open && ARCHIVABLE_KINDS.includes(kind) && Date.parse(at) < beforeMs);
  }

  private newestFirst(isWanted: (summary: StoredSummary) => boolean): StoredSummary[] {
    return [...this.summaries.values()].filter(isWanted).sort((a, b) => compareSummaryPlaces(placeOf(a), placeOf(b)));
  }

  onAppend(listener: () => void): () => void {
    // Wrapped, so that the same function given twice is two listeners.
    const own = (): void => listener();
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  async ping(): Promise<void> {
    await Promise.resolve();
  }
}

function placeOf(summary: StoredSummary): SummaryPlace {
  return { atMs: Date.parse(summary.at), id: summary.id };
}

function isMatch(summary: StoredSummary, query: SummaryQuery): boolean {
  return (
    summary.kind === query.kind &&
    (query.open === undefined || summary.open === query.open) &&
    (query.namespace === undefined || summary.namespace === query.namespace) &&
    (query.key === undefined || summary.key === query.key) &&
    (query.stream === undefined || summary.stream === query.stream)
  );
}

function toStored(write: SummaryWrite, position: number): StoredSummary {
  const { kind, id, stream, open, key, namespace, at } = write;
  return Object.freeze({ kind, id, stream, open, key, namespace, at, data: frozenCopy(write.data), position });
}
