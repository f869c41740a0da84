import { hash as digest } from 'node:crypto';
import type { JsonObject, JsonValue } from '../domain/json.js';
import type { NewEvent, StoredEvent } from '../ports/incident-log.js';
import { canonicalJson } from './canonical-json.js';

/** `previousHash` of the first event of a stream. */
export const FIRST_PREVIOUS_HASH = '0'.repeat(64);

/** A stored event that has no place in the whole log yet. */
export type SealedEvent = Omit<StoredEvent, 'position'>;

/** What continues a stream: its name, where its end is, and the events to add. */
export interface StreamContinuation {
  readonly stream: string;
  readonly previousVersion: number;
  /** Hash of the stream's last event; `FIRST_PREVIOUS_HASH` for a new stream. */
  readonly previousHash: string;
  readonly events: readonly NewEvent[];
}

/** Whether a chain is whole; if not, the first version that does not fit, and why. */
export type ChainVerdict =
  { readonly ok: true } | { readonly ok: false; readonly version: number; readonly reason: string };

/**
 * Gives events their version, previous hash and hash.
 *
 * The hash is the SHA-256, in hex, of the UTF-8 bytes of the canonical JSON (RFC 8785) of
 * `{ stream, version, type, schemaVersion, at, actor, data, previousHash }`. The sealed events share nothing with the
 * given ones and are frozen.
 */
export function sealEvents(continuation: StreamContinuation): readonly SealedEvent[] {
  let version = continuation.previousVersion;
  let previousHash = continuation.previousHash;
  return continuation.events.map((event) => {
    version += 1;
    const sealed = seal(event, { stream: continuation.stream, version, previousHash });
    previousHash = sealed.hash;
    return sealed;
  });
}

interface ChainPlace {
  readonly stream: string;
  readonly version: number;
  readonly previousHash: string;
}

function seal(event: NewEvent, place: ChainPlace): SealedEvent {
  const sealed = {
    stream: place.stream,
    version: place.version,
    type: event.type,
    schemaVersion: event.schemaVersion,
    at: event.at,
    actor: Object.freeze({ channelType: event.actor.channelType, userId: event.actor.userId }),
    data: frozenCopy(event.data),
    previousHash: place.previousHash,
  };
  return Object.freeze({ ...sealed, hash: hashOf(sealed) });
}

/** Answers the hash that an event must carry, computed from its other fields. */
export function hashOf(event: Omit<SealedEvent, 'hash'>): string {
  const { channelType, userId } = event.actor;
  const { stream, version, type, schemaVersion, at, data, previousHash } = event;
  const hashed = { stream, version, type, schemaVersion, at, actor: { channelType, userId }, data, previousHash };
  return digest('sha256', canonicalJson(hashed), 'hex');
}

/**
 * Checks events of one stream, as stored and in order of version: no version missing, each hash right, each linked to the
 * one before. A part of a stream is checked with `after`, the version and hash of the event before the part.
 */
export function verifyChain(
  events: readonly SealedEvent[],
  after: { readonly version: number; readonly hash: string } = { version: 0, hash: FIRST_PREVIOUS_HASH },
): ChainVerdict {
  let { version, hash } = after;
  const stream = events[0]?.stream;
  for (const event of events) {
    version += 1;
    const broken = (reason: string): ChainVerdict => ({ ok: false, version, reason });
    if (event.stream !== stream) return broken(`stream is '${event.stream}' instead of '${String(stream)}'`);
    if (event.version !== version) return broken(`version is ${event.version} instead of ${version}`);
    if (event.previousHash !== hash) return broken('previousHash is not the hash of the event before');
    if (event.hash !== hashOf(event)) return broken('hash does not fit the content');
    hash = event.hash;
  }
  return { ok: true };
}

/** A deep copy, made through JSON, that nobody can change. */
export function frozenCopy(data: JsonObject): JsonObject {
  return freeze(JSON.parse(JSON.stringify(data)) as JsonObject);
}

function freeze<T extends JsonValue>(value: T): T {
  if (value !== null && typeof value === 'object') {
    for (const item of Object.values(value) as JsonValue[]) freeze(item);
    Object.freeze(value);
  }
  return value;
}
