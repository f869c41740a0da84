import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from '../domain/incoming-message.js';
import { AppError } from '../errors/app-error.js';
import { changeStream, readFolded } from '../log/change-stream.js';
import type { Clock } from '../ports/clock.js';
import type { IncidentLog, NewEvent } from '../ports/incident-log.js';
import {
  answeredEvent,
  applyInboxEvent,
  claimedEvent,
  inboxFold,
  inboxStream,
  inboxSummary,
  receivedEvent,
} from './inbox-entry.js';
import { isTooOld } from './judge-orphan.js';
import type { InboxEntry, InboxOutcome } from './inbox-entry.js';

/** A message whose process has not said for so long that it works on it is anybody's. */
export const ORPHAN_AFTER_MS = 20_000;
/** So often a process says that it still works on a message. */
export const HOLD_EVERY_MS = 5_000;
const orphansPerSweep = 500;

/**
 * Messages of humans, kept in the log from before they are acknowledged until they are answered.
 *
 * A message is known by its channel and the channel's id of it: however often and to whichever replica it is delivered,
 * it is taken once. One that its process left behind is taken over by one other process.
 */
export class Inbox {
  private readonly holder = randomUUID();
  private readonly held = new Map<string, number>();

  constructor(
    private readonly log: IncidentLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Stores a message; `null` when it was taken before, unless this very delivery of it was: that throws `DW_CHANNEL_REPLAYED`. Rejects
   * when the store cannot tell: then it must be delivered again.
   */
  async take(message: IncomingMessage, messageId: string): Promise<InboxEntry | null> {
    const stream = inboxStream(message.channelType, messageId);
    const event = receivedEvent(message, this.holder, this.clock.now());
    const entry = applyInboxEvent(null, { ...event, stream });
    if (entry === null) throw new TypeError('A received message makes an entry.');
    const isWorkedOn = this.held.has(stream);
    this.held.set(stream, this.clock.now());
    try {
      const result = await this.log.append({
        appends: [{ stream, expectedVersion: 0, events: [event] }],
        summaries: [inboxSummary(entry, true)],
      });
      if (result.ok) return entry;
      const stored = await this.find(stream);
      // An append of this process that seemed to fail may have got through; nobody has begun to work on it.
      if (!isWorkedOn && stored?.outcome === null && stored.holder === this.holder) return stored;
      if (isSameDelivery(stored, message)) throw replayed(message);
      if (isWorkedOn) return null;
    } catch (error) {
      if (!isWorkedOn) this.held.delete(stream);
      throw error;
    }
    this.held.delete(stream);
    return null;
  }

  /** Records that nothing more is done about a message. */
  async close({ stream }: InboxEntry, outcome: InboxOutcome): Promise<void> {
    await this.change(stream, (entry) => (entry.outcome === null ? [answeredEvent(outcome, this.clock.now())] : []));
    this.held.delete(stream);
  }

  /** Says of every message that this process works on that it still does. */
  async hold(): Promise<void> {
    for (const [stream, heldAtMs] of this.held) {
      if (this.clock.now() - heldAtMs < HOLD_EVERY_MS) continue;
      this.held.set(stream, this.clock.now());
      await this.change(stream, (entry) => {
        const isMine = entry.outcome === null && entry.holder === this.holder;
        return isMine ? [claimedEvent(this.holder, entry.attempt, this.clock.now())] : [];
      });
    }
  }

  /** Takes over the messages, oldest first, that their processes have left behind; of channels that are not here, only what is too old. */
  async takeOrphans(isHere: (channelType: string) => boolean): Promise<readonly InboxEntry[]> {
    const { items } = await this.log.listSummaries({ kind: 'inbox', open: true, limit: orphansPerSweep });
    const taken: InboxEntry[] = [];
    for (const { stream, at, data } of items.toReversed()) {
      if (!this.isLeft(stream, String(data['heldAt']))) continue;
      if (!isHere(String(data['channelType'])) && !isTooOld(at, this.clock.now())) continue;
      const entry = await this.change(stream, (current) => {
        const isFree = current.outcome === null && this.isLeft(stream, current.heldAt);
        return isFree ? [claimedEvent(this.holder, current.attempt + 1, this.clock.now())] : [];
      });
      if (entry === null) continue;
      this.held.set(stream, this.clock.now());
      taken.push(entry);
    }
    return taken;
  }

  private isLeft(stream: string, heldAt: string): boolean {
    return !this.held.has(stream) && this.clock.now() - Date.parse(heldAt) >= ORPHAN_AFTER_MS;
  }

  private async find(stream: string): Promise<InboxEntry | null> {
    return (await readFolded(this.log, stream, inboxFold)).state;
  }

  // Answers the changed message, or null when there was nothing to write.
  private change(stream: string, makeEvents: (entry: InboxEntry) => readonly NewEvent[]): Promise<InboxEntry | null> {
    return changeStream<InboxEntry | null, InboxEntry | null>(this.log, {
      stream,
      fold: inboxFold,
      decide: (entry) => {
        if (entry === null) throw new AppError('DW_LOG_INPUT_INVALID', `The log has no message '${stream}'.`);
        const events = makeEvents(entry);
        if (events.length === 0) return { result: null };
        const after = events.reduce<InboxEntry>(
          (state, event) => applyInboxEvent(state, { ...event, stream }) ?? state,
          entry,
        );
        return { events, summaries: [inboxSummary(after, false)], result: after };
      },
    });
  }
}

function isSameDelivery(stored: InboxEntry | null, { metadata: { deliveryId } }: IncomingMessage): boolean {
  return deliveryId !== undefined && stored?.message.metadata.deliveryId === deliveryId;
}

function replayed({ channelType }: IncomingMessage): AppError {
  return new AppError('DW_CHANNEL_REPLAYED', `This very delivery of a message of '${channelType}' was taken before.`);
}
