import { createHash } from 'node:crypto';
import type { Destination, OutgoingMessage } from '../domain/outgoing-message.js';
import type { ChannelAdapter } from '../ports/channel-adapter.js';
import type { Clock } from '../ports/clock.js';
import type { IncidentLog } from '../ports/incident-log.js';
import { RoomDigest } from './room-digest.js';
import type { SummedUp } from './room-digest.js';
import { RoomOutbox } from './room-outbox.js';
import type { Delivery } from './room-outbox.js';
import { renderStormDigest } from './storm-digest.js';

const digestKey = 'digest';
const digestAfterMs = 2_000;

/** What tells the content of one message from another: SHA-256, hex. */
export function digestOf(message: OutgoingMessage): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('hex');
}

/** What a room is made of. */
export interface ChatRoomParts {
  readonly channel: ChannelAdapter;
  /** Without a thread. */
  readonly room: Destination;
  readonly log: IncidentLog;
  readonly clock: Clock;
  /** Told of a digest that could not be shown. */
  warn(error: unknown): void;
}

/** A room as the notifier uses it: what goes there, not too fast, and the digest of what is too much. */
export class ChatRoom {
  private readonly outbox: RoomOutbox;
  private readonly digest: RoomDigest;

  constructor(private readonly parts: ChatRoomParts) {
    this.outbox = new RoomOutbox(parts.clock);
    this.digest = new RoomDigest(parts.log, parts.clock, parts.room);
    // Whoever wrote here before may have died with lines that were not shown yet.
    this.sendDigestSoon();
  }

  /** Delivers in its turn, see `RoomOutbox`. */
  put(delivery: Delivery): Promise<void> {
    return this.outbox.put(delivery);
  }

  /** Whether one more incident may have a message of its own; counts it when it may. */
  takeSingle(): boolean {
    return this.digest.takeSingle();
  }

  /** Gives back what could not be sent. */
  returnSingle(): void {
    this.digest.returnSingle();
  }

  /** Makes an incident a line of the digest. */
  async sumUp(line: SummedUp): Promise<void> {
    await this.digest.add(line);
    this.sendDigestSoon();
  }

  stop(): void {
    this.outbox.stop();
  }

  private sendDigestSoon(): void {
    const { warn } = this.parts;
    const delivery = {
      key: digestKey,
      isUrgent: false,
      delayMs: digestAfterMs,
      send: () => this.sendDigest(),
      giveUp: (error: unknown) => Promise.resolve(warn(error)),
    };
    this.outbox.put(delivery).catch(warn);
  }

  private async sendDigest(): Promise<boolean> {
    const { channel, room } = this.parts;
    const digest = await this.digest.read();
    const message = renderStormDigest(digest);
    const { posted } = digest;
    if (digest.entries.size === 0 || posted?.digest === digestOf(message)) return false;
    const reference =
      posted === null
        ? await channel.send(room, message)
        : await channel.update({ destination: room, messageId: posted.messageId }, message);
    await this.digest.recordPosted(reference.messageId, digestOf(message));
    return true;
  }
}
