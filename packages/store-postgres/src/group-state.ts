import { findRefusal, FIRST_PREVIOUS_HASH, sealEvents } from '@dogwatch/core';
import type { AppendBatch, AppendResult, LogState, StoredEvent, SummaryIdentity, SummaryWrite } from '@dogwatch/core';

/** Where a stream ends. */
export interface StreamHead {
  readonly version: number;
  readonly hash: string;
}

/** What is known of a summary before it is written. */
export interface KnownSummary extends SummaryIdentity {
  readonly id: string;
  readonly open: boolean;
}

/** A summary to write, and the position of the append that last wrote it. */
export interface PlacedSummary extends SummaryWrite {
  readonly position: number;
}

/** What the database says about everything that a group of appends touches. */
export interface StoredState {
  /** The newest position that was ever given. */
  readonly position: number;
  readonly heads: ReadonlyMap<string, StreamHead>;
  /** All that have an id or, open, a key that the group writes. */
  readonly summaries: readonly KnownSummary[];
  /** The archived ones among the streams of which the group writes events or summaries. */
  readonly archived: ReadonlySet<string>;
}

const noHead: StreamHead = { version: 0, hash: FIRST_PREVIOUS_HASH };

/** Decides on the appends of a group one after the other, each on what the ones before it leave, and collects what to write. */
export class GroupState implements LogState {
  readonly events: StoredEvent[] = [];
  private readonly heads: Map<string, StreamHead>;
  private readonly known = new Map<string, KnownSummary>();
  private readonly holders = new Map<string, Set<string>>();
  private readonly written = new Map<string, PlacedSummary>();
  private readonly archived: ReadonlySet<string>;
  private readonly returned = new Set<string>();
  private lastPosition: number;

  constructor(stored: StoredState) {
    this.lastPosition = stored.position;
    this.heads = new Map(stored.heads);
    this.archived = stored.archived;
    for (const summary of stored.summaries) this.learn(summary);
  }

  get position(): number {
    return this.lastPosition;
  }

  /** The last version of each summary, what is closed first, to free its key for what is opened. */
  get summaries(): readonly PlacedSummary[] {
    return [...this.written.values()].sort((a, b) => Number(a.open) - Number(b.open));
  }

  /** The streams that what was taken brings back from the archive. */
  get returning(): readonly string[] {
    return [...this.returned];
  }

  versionOf(stream: string): number {
    return this.heads.get(stream)?.version ?? 0;
  }

  identityOf(id: string): SummaryIdentity | null {
    return this.known.get(id) ?? null;
  }

  holdersOf(key: string): readonly string[] {
    return [...(this.holders.get(key) ?? [])];
  }

  /** Takes an append, or refuses it and stays as it was. */
  take(batch: AppendBatch): AppendResult {
    const refusal = findRefusal(batch, this);
    if (refusal !== null) return refusal;
    const events = batch.appends.flatMap(({ stream, events: given }) => {
      const head = this.heads.get(stream) ?? noHead;
      const sealed = sealEvents({ stream, previousVersion: head.version, previousHash: head.hash, events: given });
      const { version, hash } = sealed.at(-1) ?? head;
      this.heads.set(stream, { version, hash });
      return sealed.map((event) => Object.freeze({ ...event, position: ++this.lastPosition }));
    });
    this.events.push(...events);
    for (const { stream } of [...batch.appends, ...(batch.summaries ?? [])]) {
      if (this.archived.has(stream)) this.returned.add(stream);
    }
    for (const summary of batch.summaries ?? []) {
      this.written.set(summary.id, { ...summary, position: this.lastPosition });
      this.learn(summary);
    }
    return { ok: true, events };
  }

  private learn(summary: KnownSummary): void {
    const { id, kind, key, open } = summary;
    this.known.set(id, summary);
    if (key === null || kind !== 'incident') return;
    const holders = this.holders.get(key) ?? new Set();
    this.holders.set(key, holders);
    if (open) holders.add(id);
    else holders.delete(id);
  }
}
