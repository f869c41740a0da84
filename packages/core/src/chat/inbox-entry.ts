import { createHash } from 'node:crypto';
import type { Actor } from '../domain/actor.js';
import { SYSTEM_ACTOR } from '../domain/actor.js';
import { messageActor } from '../domain/incoming-message.js';
import type { IncomingMessage } from '../domain/incoming-message.js';
import type { JsonObject } from '../domain/json.js';
import type { StreamFold } from '../log/change-stream.js';
import { isoTime } from '../ports/clock.js';
import type { NewEvent, StoredEvent, SummaryWrite } from '../ports/incident-log.js';

/** Longer texts are cut before they are stored; nobody types that much. */
export const MAX_STORED_TEXT = 16_000;

/** What came of a message: it was worked on, it was found too late, or it was given up after several tries. */
export type InboxOutcome = 'answered' | 'too-old' | 'given-up';

/** A message of a human as the log knows it. */
export interface InboxEntry {
  readonly stream: string;
  readonly message: IncomingMessage;
  /** ISO 8601 UTC. */
  readonly receivedAt: string;
  /** The process that works on it, and when it last said so. */
  readonly holder: string;
  readonly heldAt: string;
  /** How many processes have begun to work on it. */
  readonly attempt: number;
  readonly outcome: InboxOutcome | null;
}

/** The stream of a message: the same for every delivery of it. */
export function inboxStream(channelType: string, messageId: string): string {
  const digest = createHash('sha256').update(messageId).digest('hex').slice(0, 40);
  return `inbox/${channelType}/${digest}`;
}

interface ReceivedData {
  readonly messageId: string;
  readonly text: string;
  readonly room: string;
  readonly thread: string | null;
  readonly destinationType: string;
  readonly isButton: boolean;
  readonly isConfirmed: boolean;
  readonly scope: IncomingMessage['metadata']['scope'] | null;
  readonly holder: string;
  readonly deliveryId: string | null;
}

/** Somebody wrote or pressed; `message-received` is the first event of its stream. */
export function receivedEvent(message: IncomingMessage, holder: string, nowMs: number): NewEvent {
  const {
    destination,
    messageId,
    isButton = false,
    isConfirmed = false,
    scope = null,
    deliveryId = null,
  } = message.metadata;
  const data: ReceivedData = {
    messageId: messageId ?? '',
    text: message.text.slice(0, MAX_STORED_TEXT),
    room: destination.room,
    thread: destination.thread ?? null,
    destinationType: destination.channelType,
    isButton,
    isConfirmed,
    scope,
    holder,
    deliveryId,
  };
  return inboxEvent('message-received', messageActor(message), { nowMs, data: data as unknown as JsonObject });
}

/** A process works on it, or still does. */
export function claimedEvent(holder: string, attempt: number, nowMs: number): NewEvent {
  return inboxEvent('message-claimed', SYSTEM_ACTOR, { nowMs, data: { holder, attempt } });
}

/** Nothing more is done about it. */
export function answeredEvent(outcome: InboxOutcome, nowMs: number): NewEvent {
  return inboxEvent('message-answered', SYSTEM_ACTOR, { nowMs, data: { outcome } });
}

function inboxEvent(
  type: string,
  actor: Actor,
  { nowMs, data }: { readonly nowMs: number; readonly data: JsonObject },
): NewEvent {
  return { type, schemaVersion: 1, at: isoTime(nowMs), actor, data };
}

/** Folds the stream of a message; `null` before it was received. */
export const inboxFold: StreamFold<InboxEntry | null> = { initial: null, apply: applyInboxEvent };

/** The message after an event, stored or about to be. */
export function applyInboxEvent(
  entry: InboxEntry | null,
  event: Pick<StoredEvent, 'type' | 'at' | 'actor' | 'data' | 'stream'>,
): InboxEntry | null {
  if (event.type === 'message-received') return openEntry(event);
  if (entry === null) return null;
  switch (event.type) {
    case 'message-claimed':
      return {
        ...entry,
        holder: String(event.data['holder']),
        heldAt: event.at,
        attempt: Number(event.data['attempt']),
      };
    case 'message-answered':
      return { ...entry, outcome: event.data['outcome'] as InboxOutcome };
    default:
      return entry;
  }
}

function openEntry({ stream, at, actor, data }: Pick<StoredEvent, 'at' | 'actor' | 'data' | 'stream'>): InboxEntry {
  const received = data as unknown as ReceivedData;
  const { messageId, text, room, thread, destinationType, isButton, isConfirmed, scope, holder } = received;
  const { deliveryId } = received;
  const message: IncomingMessage = {
    ...actor,
    text,
    metadata: {
      destination: { channelType: destinationType, room, ...(thread === null ? {} : { thread }) },
      messageId,
      isButton,
      isConfirmed,
      ...(scope === null || scope === undefined ? {} : { scope }),
      ...(deliveryId === null || deliveryId === undefined ? {} : { deliveryId }),
    },
  };
  return { stream, message, receivedAt: at, holder, heldAt: at, attempt: 1, outcome: null };
}

/** The row by which messages without an answer are found; it repeats nothing that was written. */
export function inboxSummary(entry: InboxEntry, isNew: boolean): SummaryWrite {
  const { stream, message, receivedAt, holder, heldAt, attempt, outcome } = entry;
  return {
    kind: 'inbox',
    id: stream,
    stream,
    open: outcome === null,
    key: null,
    namespace: null,
    at: receivedAt,
    data: { channelType: message.channelType, holder, heldAt, attempt, outcome },
    isNew,
  };
}
