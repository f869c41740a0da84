import { createHash } from 'node:crypto';
import { inject, injectable, injectEach } from '../di/inject.js';
import { SYSTEM_ACTOR } from '../domain/actor.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { changeStream, readFolded } from '../log/change-stream.js';
import { ChannelAdapter } from '../ports/channel-adapter.js';
import { Clock, isoTime } from '../ports/clock.js';
import { IncidentLog } from '../ports/incident-log.js';
import type { NewEvent } from '../ports/incident-log.js';
import { Logger } from '../ports/logger.js';
import type { LiveMessage, Notifier } from '../ports/notifier.js';
import { RoutingPolicy } from '../ports/routing-policy.js';
import type { QuietHours } from '../ports/routing-policy.js';
import { formatRoom } from '../routing/parse-room.js';
import type { Place } from '../routing/parse-room.js';
import { quietForMs } from '../routing/quiet-hours.js';
import { ConversationQueue } from './conversation-queue.js';
import { deliveredFold, placeKey } from './delivered-messages.js';
import type { DeliveredMessages, NotifiedData } from './delivered-messages.js';
import { MessageRouter } from './message-router.js';
import { RoomOutbox } from './room-outbox.js';
import { StormDigest } from './storm-digest.js';

const incidentKey = 'incident';
const digestKey = 'digest';
const digestAfterMs = 2_000;

/** One message that is to be shown in one place. */
interface Showing {
  readonly place: Place;
  readonly live: LiveMessage;
  readonly quietHours: QuietHours | null;
}

interface Room {
  readonly outbox: RoomOutbox;
  readonly digest: StormDigest;
}

function digestOf(message: OutgoingMessage): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('hex');
}

/** Shows live messages in the rooms they belong to; where each was posted is remembered in the log. */
@injectable()
export class LiveNotifier implements Notifier {
  private readonly router: MessageRouter;
  private readonly ordered = new ConversationQueue();
  private readonly rooms = new Map<string, Room>();
  /** What waits for the end of quiet hours, by place and message: the newest state alone. */
  private readonly putOff = new Map<string, Showing>();

  constructor(
    @injectEach(ChannelAdapter) channels: readonly ChannelAdapter[],
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @injectEach(RoutingPolicy) policies: readonly RoutingPolicy[],
  ) {
    this.router = new MessageRouter(channels, policies);
  }

  async show(live: LiveMessage): Promise<void> {
    // What is shown first is given to the rooms first; none of them waits for another.
    const { deliveries } = await this.ordered.run(live.stream, () => this.begin(live));
    await Promise.all(deliveries);
  }

  private async begin(live: LiveMessage): Promise<{ readonly deliveries: readonly Promise<void>[] }> {
    const { places, quietHours, decided } = this.router.find(live, await this.delivered(live.stream));
    if (decided !== null) await this.record(live.stream, 'routed', { ...decided });
    return { deliveries: places.map((place) => this.put({ place, live, quietHours })) };
  }

  private put(showing: Showing): Promise<void> {
    const { place, live } = showing;
    return this.room(place).outbox.put({
      key: keyOf(showing),
      isUrgent: live.message.buttons.length > 0 || live.messageKey !== incidentKey,
      send: () => this.showIn(showing),
      giveUp: (error) => this.recordFailure(showing, error),
    });
  }

  private async showIn(showing: Showing): Promise<boolean> {
    const { place, live, quietHours } = showing;
    const before = (await this.delivered(live.stream)).posted.get(placeKey(live.messageKey, place.room));
    if (before === undefined) {
      const waitMs = quietForMs(quietHours, live.about?.severity ?? 'info', this.clock.now());
      if (waitMs > 0) return this.wait(showing, waitMs);
      if (live.messageKey === incidentKey && !this.room(place).digest.takeSingle(this.clock.now())) {
        return this.sumUp(showing);
      }
    }
    const digest = digestOf(live.message);
    if (before?.digest === digest || before?.isSummedUp === true) return false;
    const messageId = await this.deliver(showing, before);
    await this.record(live.stream, 'notified', { ...describePlace(showing), messageId, digest });
    return true;
  }

  private async deliver({ place, live }: Showing, before: NotifiedData | undefined): Promise<string | null> {
    const { channel, room } = place;
    if (before !== undefined) {
      return (await channel.update({ destination: room, messageId: before.messageId }, live.message)).messageId;
    }
    try {
      return (await channel.send(room, live.message)).messageId;
    } catch (error) {
      if (live.messageKey === incidentKey) this.room(place).digest.returnSingle();
      throw error;
    }
  }

  // The timer looks anew: by then it may be shown already, or the clocks may have changed.
  private wait(showing: Showing, waitMs: number): boolean {
    const key = `${formatRoom(showing.place.room)} ${keyOf(showing)}`;
    const isWaiting = this.putOff.has(key);
    this.putOff.set(key, showing);
    if (isWaiting) return false;
    this.clock.setTimer(() => {
      const newest = this.putOff.get(key) ?? showing;
      this.putOff.delete(key);
      // A question that is over needs no message any more.
      if (newest.live.messageKey !== incidentKey && newest.live.message.buttons.length === 0) return;
      this.put(newest).catch((error: unknown) => this.warn(newest, error));
    }, waitMs);
    return false;
  }

  private async sumUp(showing: Showing): Promise<boolean> {
    const { place, live } = showing;
    const { digest, outbox } = this.room(place);
    const { title, text, severity } = live.message;
    digest.add({ stream: live.stream, title: title ?? text, severity: severity ?? 'info' }, this.clock.now());
    const entry = { ...describePlace(showing), messageId: null, digest: digestOf(live.message), isSummedUp: true };
    await this.record(live.stream, 'notified', entry);
    const delivery = {
      key: digestKey,
      isUrgent: false,
      delayMs: digestAfterMs,
      send: () => this.sendDigest(place),
      giveUp: (error: unknown) => Promise.resolve(this.warn(showing, error)),
    };
    outbox.put(delivery).catch((error: unknown) => this.warn(showing, error));
    return false;
  }

  private async sendDigest({ channel, room }: Place): Promise<boolean> {
    const { digest } = this.room({ channel, room });
    const message = digest.render();
    const reference = digest.isPosted
      ? await channel.update({ destination: room, messageId: digest.messageId }, message)
      : await channel.send(room, message);
    digest.isPosted = true;
    digest.messageId = reference.messageId;
    return true;
  }

  private room({ room }: Place): Room {
    const name = formatRoom({ channelType: room.channelType, room: room.room });
    const known = this.rooms.get(name);
    if (known !== undefined) return known;
    const made = { outbox: new RoomOutbox(this.clock), digest: new StormDigest() };
    this.rooms.set(name, made);
    return made;
  }

  private async delivered(stream: string): Promise<DeliveredMessages> {
    return (await readFolded(this.log, stream, deliveredFold)).state;
  }

  private async recordFailure(showing: Showing, error: unknown): Promise<void> {
    this.warn(showing, error);
    const reason = error instanceof Error ? error.message : String(error);
    await this.record(showing.live.stream, 'notification-failed', { ...describePlace(showing), reason });
  }

  private warn({ place }: Showing, error: unknown): void {
    this.logger.warn('channel.notification-failed', 'A message could not be delivered', {
      channel: place.channel.type,
      room: place.room.room,
      error,
    });
  }

  private async record(stream: string, type: string, data: NewEvent['data']): Promise<void> {
    await changeStream(this.log, {
      stream,
      fold: { initial: null, apply: () => null },
      decide: () => ({
        events: [{ type, schemaVersion: 1, at: isoTime(this.clock.now()), actor: SYSTEM_ACTOR, data }],
        result: undefined,
      }),
    });
  }
}

function keyOf({ place, live }: Showing): string {
  return JSON.stringify([live.stream, placeKey(live.messageKey, place.room)]);
}

function describePlace({ place, live }: Showing): Omit<NotifiedData, 'messageId' | 'digest'> & NewEvent['data'] {
  const { channelType, room, thread } = place.room;
  return { messageKey: live.messageKey, channelType, room, ...(thread === undefined ? {} : { thread }) };
}
