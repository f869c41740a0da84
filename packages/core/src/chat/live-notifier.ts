import { inject, injectable, injectEach } from '../di/inject.js';
import { SYSTEM_ACTOR } from '../domain/actor.js';
import { plainMessage } from '../domain/outgoing-message.js';
import { readFolded } from '../log/change-stream.js';
import { ChannelAdapter } from '../ports/channel-adapter.js';
import { Clock, isoTime } from '../ports/clock.js';
import type { HostedService } from '../ports/hosted-service.js';
import { IncidentLog } from '../ports/incident-log.js';
import type { NewEvent, StreamAppend } from '../ports/incident-log.js';
import { Logger } from '../ports/logger.js';
import type { LiveMessage, Notifier } from '../ports/notifier.js';
import { RoutingPolicy } from '../ports/routing-policy.js';
import type { QuietHours } from '../ports/routing-policy.js';
import { formatRoom } from '../routing/parse-room.js';
import type { Place } from '../routing/parse-room.js';
import { quietForMs } from '../routing/quiet-hours.js';
import { ChatRoom, digestOf } from './chat-room.js';
import { ConversationQueue } from './conversation-queue.js';
import { deliveredFold, placeKey } from './delivered-messages.js';
import type { DeliveredMessages, NotifiedData } from './delivered-messages.js';
import { HeldMessages } from './held-messages.js';
import { threadStream } from './incident-threads.js';
import { MessageRouter } from './message-router.js';

const incidentKey = 'incident';

/** One message that is to be shown in one place. */
interface Showing {
  readonly place: Place;
  readonly live: LiveMessage;
  readonly quietHours: QuietHours | null;
}

interface Posted {
  readonly messageId: string | null;
  readonly digest: string;
  /** Whether it stands there anew. */
  readonly isNew: boolean;
}

/** Shows live messages in the rooms they belong to; where each was posted is remembered in the log. */
@injectable()
export class LiveNotifier implements Notifier, HostedService {
  readonly name = 'LiveNotifier';
  private readonly router: MessageRouter;
  private readonly ordered = new ConversationQueue();
  private readonly rooms = new Map<string, ChatRoom>();
  private readonly held: HeldMessages<Showing>;

  constructor(
    @injectEach(ChannelAdapter) channels: readonly ChannelAdapter[],
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @injectEach(RoutingPolicy) policies: readonly RoutingPolicy[],
  ) {
    this.router = new MessageRouter(channels, policies);
    this.held = new HeldMessages(clock);
  }

  async show(live: LiveMessage): Promise<void> {
    // What is shown first is given to the rooms first; none of them waits for another.
    const { deliveries } = await this.ordered.run(live.stream, () => this.begin(live));
    await Promise.all(deliveries);
  }

  stop(): void {
    this.held.stop();
    for (const room of this.rooms.values()) room.stop();
  }

  private async begin(live: LiveMessage): Promise<{ readonly deliveries: readonly Promise<void>[] }> {
    const { places, quietHours, decided } = this.router.find(live, await this.delivered(live.stream));
    if (decided !== null) await this.record(live.stream, 'routed', { ...decided });
    return { deliveries: places.map((place) => this.put({ place, live, quietHours })) };
  }

  private put(showing: Showing): Promise<void> {
    const { place, live } = showing;
    return this.room(place).put({
      key: keyOf(showing),
      isUrgent: live.message.buttons.length > 0 || live.messageKey !== incidentKey,
      send: () => this.showIn(showing),
      giveUp: (error) => this.recordFailure(showing, error),
    });
  }

  private async showIn(showing: Showing): Promise<boolean> {
    const { place, live } = showing;
    if (live.signal?.aborted === true) return false;
    const before = (await this.delivered(live.stream)).posted.get(placeKey(live.messageKey, place.room));
    if (before === undefined) {
      if (this.holdBack(showing)) return false;
      if (live.messageKey === incidentKey && !this.room(place).takeSingle()) return this.sumUp(showing);
    }
    if (before?.isSummedUp === true) return this.sumUp(showing, before);
    const digest = digestOf(live.message);
    if (before?.digest === digest) return false;
    const messageId = await this.deliver(showing, before);
    await this.recordPosted(showing, { messageId, digest, isNew: before?.messageId !== messageId });
    return true;
  }

  /** True when it is not to be posted now: it waits, or never will be. */
  private holdBack(showing: Showing): boolean {
    const { live, quietHours } = showing;
    const key = keyOf(showing);
    const isHeld = this.held.has(key);
    if (live.isEditOnly === true && !isHeld) return true;
    const waitMs =
      live.isAwaited === true ? 0 : quietForMs(quietHours, live.about?.severity ?? 'info', this.clock.now());
    if (waitMs > 0) {
      this.held.hold(key, showing, { waitMs, release: (newest) => this.release(newest) });
      return true;
    }
    this.held.drop(key);
    return live.isEditOnly === true;
  }

  // Quiet hours are looked at anew: it may be shown already by then, or the clocks may have changed.
  private release(showing: Showing): void {
    const { live } = showing;
    // A question that is over needs no message any more; one that can be asked again does.
    if (live.messageKey !== incidentKey && live.message.buttons.length === 0) return;
    const { isEditOnly: _was, ...posted } = live;
    this.put({ ...showing, live: posted }).catch((error: unknown) => this.warn(showing, error));
  }

  private async deliver({ place, live }: Showing, before: NotifiedData | undefined): Promise<string | null> {
    const { channel, room } = place;
    if (before !== undefined) {
      return (await channel.update({ destination: room, messageId: before.messageId }, live.message)).messageId;
    }
    try {
      return (await channel.send(room, live.message)).messageId;
    } catch (error) {
      if (live.messageKey === incidentKey) this.room(place).returnSingle();
      throw error;
    }
  }

  // A line of a digest stays true as well: it would warn for ever of what is over long since.
  private async sumUp(showing: Showing, before?: NotifiedData): Promise<boolean> {
    const { place, live } = showing;
    const { title, text, severity } = live.message;
    const line = { title: title ?? text, severity: severity ?? 'info' } as const;
    const digest = digestOf({ ...plainMessage(''), ...line });
    if (before?.digest === digest) return false;
    const incident = live.stream.slice(live.stream.indexOf('/') + 1);
    await this.room(place).sumUp({
      entry: { incident, ...line, ...(before === undefined ? {} : { isChange: true }) },
      stream: live.stream,
      notified: { ...describePlace(showing), messageId: null, digest, isSummedUp: true },
    });
    return false;
  }

  private room(place: Place): ChatRoom {
    const { channelType, room: id } = place.room;
    const room = { channelType, room: id };
    const name = formatRoom(room);
    const known = this.rooms.get(name);
    if (known !== undefined) return known;
    const { log, clock } = this;
    const made = new ChatRoom({
      channel: place.channel,
      room,
      log,
      clock,
      warn: (error) => this.warn({ place }, error),
    });
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

  private warn({ place }: Pick<Showing, 'place'>, error: unknown): void {
    this.logger.warn('channel.notification-failed', 'A message could not be delivered', {
      channel: place.channel.type,
      room: place.room.room,
      error,
    });
  }

  private async recordPosted(showing: Showing, { messageId, digest, isNew }: Posted): Promise<void> {
    const { stream } = showing.live;
    const { channel, room } = showing.place;
    const notified = this.event('notified', { ...describePlace(showing), messageId, digest });
    const appends: StreamAppend[] = [{ stream, expectedVersion: 'any', events: [notified] }];
    if (isNew && channel.capabilities.threads === true && messageId !== null && room.thread === undefined) {
      // So that a reply there, whatever replica takes it, is known to be about it.
      const begun = this.event('thread-begun', { stream });
      appends.push({ stream: threadStream(room, messageId), expectedVersion: 'any', events: [begun] });
    }
    await this.log.append({ appends });
  }

  private async record(stream: string, type: string, data: NewEvent['data']): Promise<void> {
    await this.log.append({ appends: [{ stream, expectedVersion: 'any', events: [this.event(type, data)] }] });
  }

  private event(type: string, data: NewEvent['data']): NewEvent {
    return { type, schemaVersion: 1, at: isoTime(this.clock.now()), actor: SYSTEM_ACTOR, data };
  }
}

function keyOf({ place, live }: Showing): string {
  return JSON.stringify([live.stream, placeKey(live.messageKey, place.room)]);
}

function describePlace({ place, live }: Showing): Omit<NotifiedData, 'messageId' | 'digest'> & NewEvent['data'] {
  const { channelType, room, thread } = place.room;
  return { messageKey: live.messageKey, channelType, room, ...(thread === undefined ? {} : { thread }) };
}
