import { definePort } from '../di/define-port.js';
import type { Actor } from '../domain/actor.js';
import type { JsonObject } from '../domain/json.js';

/** An event that is to be appended. */
export interface NewEvent {
  readonly type: string;
  /** Version of the shape of `data`, from 1. */
  readonly schemaVersion: number;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly actor: Actor;
  readonly data: JsonObject;
}

/** An event as it stands in the log, for ever. */
export interface StoredEvent extends NewEvent {
  /** Place in the whole log, from 1, growing, gaps allowed. */
  readonly position: number;
  readonly stream: string;
  /** Place in its stream: 1, 2, 3 … without gaps. */
  readonly version: number;
  /** `hash` of the stream's event before; 64 zeros for the first. */
  readonly previousHash: string;
  /** SHA-256, hex, see `sealEvents`. */
  readonly hash: string;
}

/** Events for one stream. */
export interface StreamAppend {
  readonly stream: string;
  /** How many events the stream must hold for the append to succeed (0 = a new one); `any` = wherever its end is. */
  readonly expectedVersion: number | 'any';
  readonly events: readonly NewEvent[];
}

/** What a summary row is about. */
export type SummaryKind = 'incident' | 'approval' | 'run' | 'source' | 'system' | 'inbox';

/** A row that lists show, derived from a stream and written together with its events. */
export interface Summary {
  readonly kind: SummaryKind;
  /** Unique over all kinds, for ever; `kind`, `stream`, `key` and `at` of an id never change. */
  readonly id: string;
  readonly stream: string;
  /** Whether it is not yet over: an unresolved incident, a pending approval, a run that has not ended, a message without an answer. */
  readonly open: boolean;
  /** Incidents: the incident's key. At most one open incident has a key; the store itself guarantees it. */
  readonly key: string | null;
  readonly namespace: string | null;
  /** When it began, ISO 8601 UTC; lists are sorted by it and it never changes. */
  readonly at: string;
  /** What the API shows of it. */
  readonly data: JsonObject;
}

/** A summary to write: inserted when `isNew`, replaced otherwise. */
export interface SummaryWrite extends Summary {
  readonly isNew: boolean;
}

/** A summary with the log position of the append that last wrote it. */
export interface StoredSummary extends Summary {
  readonly position: number;
}

/** All of it is stored, or nothing. */
export interface AppendBatch {
  /** At least one, each with at least one event and for a stream of its own. */
  readonly appends: readonly StreamAppend[];
  /** Each id once; their order does not matter: what the batch closes makes room for what it opens. */
  readonly summaries?: readonly SummaryWrite[];
}

/**
 * Outcome of an append; everything but `ok` is an ordinary outcome of concurrency, after which nothing is stored. Of
 * several reasons the first is told: `version-conflict` (in the order of the appends), `id-taken`, `key-taken`.
 */
export type AppendResult =
  | { readonly ok: true; readonly events: readonly StoredEvent[] }
  | { readonly ok: false; readonly reason: 'version-conflict'; readonly stream: string; readonly actualVersion: number }
  | { readonly ok: false; readonly reason: 'id-taken'; readonly id: string }
  | { readonly ok: false; readonly reason: 'key-taken'; readonly key: string; readonly id: string };

/** Which summaries to list; all given conditions must hold. */
export interface SummaryQuery {
  readonly kind: SummaryKind;
  readonly open?: boolean;
  readonly namespace?: string;
  readonly key?: string;
  readonly stream?: string;
  /** At most this many, from 1 to 500; 100 if absent. */
  readonly limit?: number;
  /** `next` of the page before. A malformed one throws `DW_LOG_CURSOR_INVALID`. */
  readonly cursor?: string;
}

/** A page of summaries, newest (`at`, then id) first. */
export interface SummaryPage {
  readonly items: readonly StoredSummary[];
  /** Cursor of the next page, `null` at the end. */
  readonly next: string | null;
}

/**
 * The append-only log of everything that happened, and the summaries that lists show: the one source of truth.
 *
 * Durable when `append` resolves. Positions become visible in order: a reader that has seen position n never later
 * finds a smaller one it had not seen. Event ids, hashes and versions are given by the store (through `sealEvents`).
 * Infrastructure failures throw `DW_LOG_UNAVAILABLE` (retryable), after which the append may or may not have happened;
 * malformed input (empty append, two appends for one stream, bad names, data that is not plain JSON, a replaced summary
 * that does not exist) throws `DW_LOG_INPUT_INVALID`. All data comes back as it was given, NUL characters and lone surrogates
 * included (`-0` as `0`), nested at most `MAX_JSON_DEPTH` deep; it is a copy, so changing what was given or got changes
 * nothing in the log. What `LogArchive` has archived is left out of lists that ask neither by key nor by stream, and found by no
 * prefix but its whole id; all else reads it as before.
 */
export interface IncidentLog {
  append(batch: AppendBatch): Promise<AppendResult>;
  /** Events of one stream in order of version, from `fromVersion` (1 if absent), all of them or `limit`; empty for an unknown stream. */
  readStream(stream: string, options?: { fromVersion?: number; limit?: number }): Promise<readonly StoredEvent[]>;
  /** Events of all streams in order of position, those after `afterPosition`, at most `limit` (1 to 1,000). */
  readAll(options: { afterPosition: number; limit: number }): Promise<readonly StoredEvent[]>;
  /** The position of the newest event; 0 for an empty log. */
  lastPosition(): Promise<number>;
  /** One summary by its whole id, or `null`. */
  getSummary(id: string): Promise<StoredSummary | null>;
  /** Summaries whose id starts with `prefix` (4 to 6 characters of the id alphabet, else `DW_LOG_INPUT_INVALID`), at most 10, newest first. */
  findSummariesByPrefix(prefix: string): Promise<readonly StoredSummary[]>;
  listSummaries(query: SummaryQuery): Promise<SummaryPage>;
  /** Summaries last written after `afterPosition`, in order of position, at most `limit` (1 to 1,000; never cutting a position in half). */
  summariesAfter(options: { afterPosition: number; limit: number }): Promise<readonly StoredSummary[]>;
  /** Calls `listener` soon after an append, by this process at least: a hint to read, which may come late, twice, or never. It must not throw. */
  onAppend(listener: () => void): () => void;
  /** Resolves when the store takes writes; throws `DW_LOG_UNAVAILABLE` otherwise. */
  ping(): Promise<void>;
}
export const IncidentLog = definePort<IncidentLog>('core.IncidentLog');
