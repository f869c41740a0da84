import { AppError, Clock, Logger, Metrics, inject, injectable, isAppError } from '@dogwatch/core';
import type {
  ChannelAdapter,
  ChannelCapabilities,
  Destination,
  HealthCheck,
  HealthReport,
  HttpRoute,
  HttpRoutes,
  IncomingMessage,
  MessageReference,
  OutgoingMessage,
} from '@dogwatch/core';
import { ChannelPacer } from './channel-pacer.js';
import { KeyedQueue } from './keyed-queue.js';
import { parseCommand, parseMessageEvent, parsePress } from './parse-update.js';
import type { ParsedUpdate, UpdateContext } from './parse-update.js';
import { PressedMessages } from './pressed-messages.js';
import { renderMessage, renderReplacement } from './render-message.js';
import { spellForSlack } from './spell-for-slack.js';
import type { RenderedMessage } from './render-message.js';
import { SlackRelay } from './slack-relay.js';
import type { SlackEnvelope, SlackHandlers } from './slack-relay.js';
import { SlackSettings } from './slack-settings.js';
import { SlackWeb } from './slack-web.js';
import type { SlackIdentity } from './slack-web.js';
import { SlackWebhook, isReplay } from './slack-webhook.js';
import { SocketLink } from './socket-link.js';

type Inbound = (message: IncomingMessage) => Promise<void>;

const channelType = 'slack';
const notHere =
  'Dogwatch does not answer in this conversation. Write to it directly, or ask its operator to add this conversation to its settings (slack.answerIn).';

/** Slack as a channel: messages, buttons and slash commands in, by Socket Mode or signed HTTP; Block Kit out. */
@injectable()
export class SlackChannel implements ChannelAdapter, HealthCheck, HttpRoutes, SlackHandlers {
  readonly type = channelType;
  readonly name = 'slack';
  readonly capabilities: ChannelCapabilities = { edits: true, buttons: true, threads: true, confirmDialogs: true };
  readonly audience = 'members';
  readonly rooms: readonly Destination[];
  private readonly web: SlackWeb;
  private readonly pacer: ChannelPacer;
  private readonly pressed: PressedMessages;
  private readonly relay: SlackRelay;
  private readonly webhook: SlackWebhook | null;
  private readonly link: SocketLink | null;
  private readonly conversations = new KeyedQueue();
  private readonly directs = new Map<string, string>();
  private readonly context: UpdateContext;
  private inbound: Inbound | null = null;
  private who: SlackIdentity | null = null;

  constructor(
    @inject(SlackSettings) private readonly settings: SlackSettings,
    @inject(Clock) clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(Metrics) metrics: Metrics,
  ) {
    const { mode, rooms, answerIn } = settings;
    this.rooms = rooms.map((room) => ({ channelType, room }));
    this.web = new SlackWeb(settings, logger, metrics);
    this.pacer = new ChannelPacer(clock);
    this.pressed = new PressedMessages({ web: this.web, pacer: this.pacer, clock, logger });
    this.relay = new SlackRelay(settings, logger, this);
    const known = new Set([...rooms, ...answerIn]);
    const identity = (): SlackIdentity | null => this.who;
    this.context = {
      get botUserId() {
        return identity()?.botUserId ?? null;
      },
      get teamId() {
        return identity()?.teamId ?? null;
      },
      answersIn: (room) => known.has(room),
    };
    const process = (envelope: SlackEnvelope): Promise<unknown> => this.process(envelope);
    this.webhook =
      mode.kind === 'http'
        ? new SlackWebhook({ signingSecret: mode.signingSecret, clock, logger, metrics, process })
        : null;
    this.link =
      mode.kind === 'socket'
        ? new SocketLink({ settings, appToken: mode.appToken.reveal(), clock, logger, process })
        : null;
  }

  get routes(): readonly HttpRoute[] {
    return this.webhook === null ? [] : [this.webhook.route];
  }

  async start(inbound: Inbound): Promise<void> {
    this.inbound = inbound;
    await this.identify();
    await this.link?.start();
  }

  async stop(): Promise<void> {
    this.inbound = null;
    this.pressed.stop();
    await this.link?.stop();
  }

  async send(destination: Destination, message: OutgoingMessage): Promise<MessageReference> {
    checkDestination(destination);
    const [first, ...rest] = renderParts(message, destination);
    const { room, thread } = destination;
    const messageId = await this.post(room, first, thread ?? null);
    await this.postRest({ destination, messageId }, rest);
    return { destination, messageId };
  }

  async update(reference: MessageReference, message: OutgoingMessage): Promise<MessageReference> {
    const replacement = renderReplacement(spellForSlack(message, reference.destination));
    const isThere = await this.edit(reference, replacement);
    return isThere ? reference : this.send(reference.destination, message);
  }

  async complete(draft: MessageReference, message: OutgoingMessage): Promise<MessageReference> {
    const [first, ...rest] = renderParts(message, draft.destination);
    if (!(await this.edit(draft, first))) return this.send(draft.destination, message);
    await this.postRest(draft, rest);
    return draft;
  }

  findRoomMistake({ room }: Destination): string | null {
    if (!roomPattern.test(room)) {
      return "this is no id such as 'C0123456789'. In Slack, open the details of the conversation: its id is at the bottom.";
    }
    if (isDirect(room) || this.context.answersIn(room)) return null;
    return "nobody is answered there. Add it to 'slack.rooms', or to 'slack.answerIn' if nothing else is to be posted there.";
  }

  check(): HealthReport {
    const failure = this.web.lastFailure;
    if (this.link !== null && this.inbound !== null && !this.link.isConnected) {
      return { status: 'degraded', message: 'Slack cannot be reached by Socket Mode; it is tried again.' };
    }
    if (failure !== null) return { status: 'degraded', message: failure.message };
    const way = this.link === null ? 'HTTP requests' : 'Socket Mode';
    return { status: 'ok', message: `Takes messages by ${way}.` };
  }

  identity(): SlackIdentity | null {
    return this.who;
  }

  takeMessage(body: unknown, deliveryId: string | null): Promise<void> {
    return this.take(parseMessageEvent(body, this.context), deliveryId).then(() => undefined);
  }

  async takePress(body: unknown, deliveryId: string | null): Promise<void> {
    const press = parsePress(body, this.context);
    if (press === null) return;
    const stored = this.give(press.incoming, deliveryId);
    // Not awaited: Slack wants its acknowledgement within three seconds.
    void this.pressed.hide(press, stored);
    await stored;
  }

  async takeCommand(body: unknown, deliveryId: string | null): Promise<string | null> {
    return (await this.take(parseCommand(body, this.context), deliveryId)) ? null : notHere;
  }

  private async process(envelope: SlackEnvelope): Promise<unknown> {
    if (this.inbound === null) {
      throw new AppError('DW_CHANNEL_CLOSED', 'Slack messages are not taken while Dogwatch starts or stops.', {
        isRetryable: true,
        retryAfterMs: 2_000,
      });
    }
    try {
      return await this.relay.process(envelope);
    } catch (cause) {
      if (isReplay(cause)) throw cause;
      this.logger.error('channel.inbound-failed', 'A message from Slack could not be stored', {
        channel: channelType,
        retry_num: envelope.retryNum,
        error: cause,
      });
      throw new AppError('DW_SLACK_NOT_TAKEN', 'The message could not be stored now. Send it again.', {
        isRetryable: true,
        cause,
      });
    }
  }

  /** True when the message was given on. */
  private async take(update: ParsedUpdate, deliveryId: string | null): Promise<boolean> {
    if (update.kind === 'message') {
      await this.give(update.message, deliveryId);
      return true;
    }
    const { reason, room, isAddressed } = update;
    const fields = { channel: channelType, room, reason };
    if (isAddressed)
      this.logger.info('slack.ignored', "A message to Dogwatch is ignored; see 'slack.answerIn'", fields);
    else this.logger.debug('slack.ignored', 'A message is ignored', fields);
    return false;
  }

  private give(received: IncomingMessage, deliveryId: string | null): Promise<void> {
    const { inbound } = this;
    const { metadata } = received;
    const message = deliveryId === null ? received : { ...received, metadata: { ...metadata, deliveryId } };
    const { room, thread } = metadata.destination;
    const conversation = JSON.stringify([room, thread ?? null, message.userId]);
    return this.conversations.run(conversation, async () => inbound?.(message));
  }

  /** False when there is nothing to edit. */
  private async edit({ destination, messageId }: MessageReference, message: RenderedMessage): Promise<boolean> {
    checkDestination(destination);
    if (messageId === null) return false;
    const channel = await this.channelOf(destination.room);
    return this.pressed.edit(channel, messageId, () =>
      this.pacer.run(channel, () => this.web.edit(channel, messageId, message)),
    );
  }

  private async postRest(
    { destination: { room, thread }, messageId }: MessageReference,
    rest: readonly RenderedMessage[],
  ): Promise<void> {
    const under = thread ?? (isDirect(room) ? null : messageId);
    for (const part of rest) {
      try {
        await this.post(room, part, under);
      } catch (error) {
        // The message stands; to fail now would have it posted twice.
        this.logger.error('slack.rest-lost', 'The rest of a long message could not be sent', {
          channel: channelType,
          room,
          error,
        });
        break;
      }
    }
  }

  private async post(room: string, message: RenderedMessage, threadTs: string | null): Promise<string> {
    const channel = await this.channelOf(room);
    return this.pacer.run(channel, () => this.web.post(channel, message, threadTs));
  }

  /** A room may be a person, whom Slack reaches through a conversation of its own id. */
  private async channelOf(room: string): Promise<string> {
    if (!/^[UW]/.test(room)) return room;
    const known = this.directs.get(room);
    if (known !== undefined) return known;
    const opened = await this.pacer.run(room, () => this.web.openDirect(room));
    this.directs.set(room, opened);
    return opened;
  }

  private async identify(): Promise<void> {
    try {
      this.who = await this.web.identify();
    } catch (error) {
      if (!isAppError(error) || error.code === 'DW_SLACK_TOKEN') throw error;
      // Every event names the bot too; the watch goes on without Slack until it can be reached.
      this.logger.warn(
        'slack.unreachable',
        'Slack cannot be reached at the start; it is tried again with every message',
        {
          channel: channelType,
          error,
        },
      );
    }
  }
}

const roomPattern = /^[CDGUW][A-Z0-9]+$/;

type Parts = readonly [RenderedMessage, ...RenderedMessage[]];

const renderParts = (message: OutgoingMessage, destination: Destination): Parts =>
  renderMessage(spellForSlack(message, destination)) as Parts;

const isDirect = (room: string): boolean => /^[DUW]/.test(room);

function checkDestination({ channelType: type, room }: Destination): void {
  if (type === channelType && roomPattern.test(room)) return;
  throw new AppError(
    'DW_CHANNEL_DESTINATION',
    `Slack has no conversation '${type}:${room}'. Send to 'slack:<id of a channel, group, direct message or person>'.`,
  );
}
