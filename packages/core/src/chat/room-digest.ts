import { createHash } from 'node:crypto';
import { SYSTEM_ACTOR } from '../domain/actor.js';
import type { Destination } from '../domain/outgoing-message.js';
import { isLogName } from '../log/check-log-input.js';
import type { Clock } from '../ports/clock.js';
import { isoTime } from '../ports/clock.js';
import type { IncidentLog, NewEvent } from '../ports/incident-log.js';
import { formatRoom } from '../routing/parse-room.js';
import { stormDigestFold } from './storm-digest.js';
import type { DigestChange, StormDigest } from './storm-digest.js';

/** So many incidents a room is told of one by one within a minute; more are summed up. */
export const SINGLE_INCIDENTS_PER_MINUTE = 20;
const windowMs = 60_000;

/** A line of a digest, and what the incident's own stream says about it. */
export interface SummedUp {
  readonly entry: DigestChange;
  readonly stream: string;
  readonly notified: NewEvent['data'];
}

/**
 * Counts what a room is told, and keeps what is too much in the log, so that after a restart the digest goes on where it
 * stands. A room has a stream of digests for each day, so that none grows for ever: a storm over midnight (UTC) has two.
 */
export class RoomDigest {
  private singles: number[] = [];
  private stream = '';
  private digest = stormDigestFold.initial;
  private version = 0;

  private readonly roomName: string;

  constructor(
    private readonly log: IncidentLog,
    private readonly clock: Clock,
    private readonly room: Destination,
  ) {
    const name = formatRoom(room);
    this.roomName = isLogName(name) && name.length <= 100 ? name : createHash('sha256').update(name).digest('hex');
  }

  /** Whether one more incident may have a message of its own; counts it when it may. */
  takeSingle(): boolean {
    const nowMs = this.clock.now();
    this.singles = this.singles.filter((at) => nowMs - at < windowMs);
    if (this.singles.length >= SINGLE_INCIDENTS_PER_MINUTE) return false;
    this.singles.push(nowMs);
    return true;
  }

  /** Gives back what could not be sent. */
  returnSingle(): void {
    this.singles.pop();
  }

  /** Adds a line, in one append with what the incident says of it: neither is ever without the other. */
  async add({ entry, stream, notified }: SummedUp): Promise<void> {
    await this.log.append({
      appends: [
        { stream, expectedVersion: 'any', events: [this.event('notified', notified)] },
        { stream: this.streamOfToday(), expectedVersion: 'any', events: [this.event('summed-up', { ...entry })] },
      ],
    });
  }

  /** The digest as the log has it now. */
  async read(): Promise<StormDigest> {
    const stream = this.streamOfToday();
    if (stream !== this.stream) {
      this.stream = stream;
      this.digest = stormDigestFold.initial;
      this.version = 0;
    }
    for (const event of await this.log.readStream(stream, { fromVersion: this.version + 1 })) {
      this.digest = stormDigestFold.apply(this.digest, event);
      this.version = event.version;
    }
    return this.digest;
  }

  /** Remembers where it was posted, and what it shows. */
  async recordPosted(messageId: string | null, digest: string): Promise<void> {
    const { channelType, room } = this.room;
    const notified = this.event('notified', { messageKey: 'digest', channelType, room, messageId, digest });
    await this.log.append({ appends: [{ stream: this.streamOfToday(), expectedVersion: 'any', events: [notified] }] });
  }

  private streamOfToday(): string {
    return `digest/${this.roomName}/${isoTime(this.clock.now()).slice(0, 10)}`;
  }

  private event(type: string, data: NewEvent['data']): NewEvent {
    return { type, schemaVersion: 1, at: isoTime(this.clock.now()), actor: SYSTEM_ACTOR, data };
  }
}
