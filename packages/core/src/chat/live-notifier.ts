import { createHash } from 'node:crypto';
import { inject, injectable, injectEach } from '../di/inject.js';
import { SYSTEM_ACTOR } from '../domain/actor.js';
import type { Destination, OutgoingMessage } from '../domain/outgoing-message.js';
import { isAppError } from '../errors/app-error.js';
import { changeStream, readFolded } from '../log/change-stream.js';
import type { StreamFold } from '../log/change-stream.js';
import { ChannelAdapter } from '../ports/channel-adapter.js';
import { Clock, isoTime } from '../ports/clock.js';
import { IncidentLog } from '../ports/incident-log.js';
import type { NewEvent } from '../ports/incident-log.js';
import { Logger } from '../ports/logger.js';
import type { LiveMessage, Notifier } from '../ports/notifier.js';
import { ConversationQueue } from './conversation-queue.js';

/** What a `notified` event holds. */
export interface NotifiedData {
  readonly messageKey: string;
  readonly channelType: string;
  readonly room: string;
  /** The channel's id of the message, or `null`. */
  readonly messageId: string | null;
  /** SHA-256 of what it shows, so that the same is not sent again. */
  readonly digest: string;
}

type Delivered = ReadonlyMap<string, NotifiedData>;

const placeKey = (messageKey: string, destination: Destination): string =>
  JSON.stringify([messageKey, destination.channelType, destination.room]);

const deliveredFold: StreamFold<Delivered> = {
  initial: new Map(),
  apply(state, event) {
    if (event.type !== 'notified') return state;
    const data = event.data as unknown as NotifiedData;
    return new Map(state).set(placeKey(data.messageKey, data), data);
  },
};

// After the last try the failure is recorded; the next change of the message tries again.
const retryDelaysMs = [1_000, 5_000, 15_000];

function digestOf(message: OutgoingMessage): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('hex');
}

/** Shows live messages in the rooms of all channels; where each was posted is remembered in the log. */
@injectable()
export class LiveNotifier implements Notifier {
  private readonly queue = new ConversationQueue();

  constructor(
    @injectEach(ChannelAdapter) private readonly channels: readonly ChannelAdapter[],
    @inject(IncidentLog) private readonly log: IncidentLog,
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
  ) {}

  async show(live: LiveMessage): Promise<void> {
    const places = this.channels.flatMap((channel) => channel.rooms.map((room) => ({ channel, room })));
    await Promise.all(
      places.map(({ channel, room }) =>
        this.queue.run(JSON.stringify([live.stream, placeKey(live.messageKey, room)]), () =>
          this.showIn(channel, room, live),
        ),
      ),
    );
  }

  private async showIn(channel: ChannelAdapter, room: Destination, live: LiveMessage): Promise<void> {
    const { state } = await readFolded(this.log, live.stream, deliveredFold);
    const before = state.get(placeKey(live.messageKey, room));
    const digest = digestOf(live.message);
    if (before?.digest === digest) return;
    const place = { messageKey: live.messageKey, channelType: room.channelType, room: room.room };
    try {
      const reference = await this.deliver(channel, room, { before, message: live.message });
      await this.record(live.stream, 'notified', { ...place, messageId: reference, digest });
    } catch (error) {
      this.logger.warn('channel.notification-failed', 'A message could not be delivered', {
        channel: channel.type,
        room: room.room,
        error,
      });
      await this.record(live.stream, 'notification-failed', {
        ...place,
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }

  private async deliver(
    channel: ChannelAdapter,
    room: Destination,
    { before, message }: { readonly before: NotifiedData | undefined; readonly message: OutgoingMessage },
  ): Promise<string | null> {
    for (let tries = 0; ; tries++) {
      try {
        const reference =
          before === undefined
            ? await channel.send(room, message)
            : await channel.update({ destination: room, messageId: before.messageId }, message);
        return reference.messageId;
      } catch (error) {
        const delayMs = retryDelaysMs[tries];
        if (delayMs === undefined || !isAppError(error) || !error.isRetryable) throw error;
        await this.clock.sleep(Math.max(delayMs, error.retryAfterMs ?? 0));
      }
    }
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
