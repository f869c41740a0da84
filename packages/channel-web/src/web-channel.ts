import { randomUUID } from 'node:crypto';
import { AppError, Clock, Logger, buttonWords, inject, injectable, isoTime, plainMessage } from '@dogwatch/core';
import type {
  ChannelAdapter,
  ChannelCapabilities,
  Destination,
  IncomingMessage,
  LiveFeed,
  MessageReference,
  OutgoingMessage,
  Principal,
  ServerSentEvent,
} from '@dogwatch/core';
import type { ButtonPress, ConsoleChat } from './console-chat.js';
import { ConsoleSettings } from './console-settings.js';
import { MessageBacklog } from './message-backlog.js';
import { renderMessage } from './render-message.js';
import type { ConsoleMessage } from './render-message.js';

type Inbound = (message: IncomingMessage) => Promise<void>;
type Push = (event: ServerSentEvent) => void;

const channelType = 'web';
const sharedRoom = 'console';
const personalRoom = (name: string): string => `user:${name}`;

function visibleRooms({ actor }: Principal): readonly string[] {
  return actor.channelType === channelType ? [sharedRoom, personalRoom(actor.userId)] : [sharedRoom];
}

/** The chat of the browser console: one room for all, and one for each person's own conversation. */
@injectable()
export class WebChannel implements ChannelAdapter, LiveFeed, ConsoleChat {
  readonly type = channelType;
  readonly capabilities: ChannelCapabilities = { edits: true, buttons: true };
  readonly audience = 'named';
  readonly rooms: readonly Destination[] = [{ channelType, room: sharedRoom }];
  private readonly backlog: MessageBacklog;
  private readonly subscribers = new Map<Push, readonly string[]>();
  private inbound: Inbound | null = null;

  constructor(
    @inject(Clock) private readonly clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(ConsoleSettings) settings: ConsoleSettings,
  ) {
    this.backlog = new MessageBacklog(settings.messagesKept);
  }

  start(inbound: Inbound): Promise<void> {
    this.inbound = inbound;
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.inbound = null;
    return Promise.resolve();
  }

  async send(destination: Destination, message: OutgoingMessage): Promise<MessageReference> {
    this.checkDestination(destination);
    const { id } = this.post(destination.room, null, message);
    return { destination, messageId: id };
  }

  async update(reference: MessageReference, message: OutgoingMessage): Promise<MessageReference> {
    const { destination, messageId } = reference;
    this.checkDestination(destination);
    const before = messageId === null ? null : this.backlog.find(destination.room, messageId);
    if (before === null) return this.send(destination, message);
    this.publish({ ...before, ...renderMessage(message), editedAt: isoTime(this.clock.now()) });
    return reference;
  }

  findRoomMistake({ room }: Destination): string | null {
    if (room === sharedRoom || room.startsWith(personalRoom(''))) return null;
    return `the console has no such room. Its rooms: ${sharedRoom}, and ${personalRoom('<name>')} for one person alone.`;
  }

  subscribe(principal: Principal, push: Push): () => void {
    this.subscribers.set(push, visibleRooms(principal));
    return () => void this.subscribers.delete(push);
  }

  messages(principal: Principal): readonly ConsoleMessage[] {
    return this.backlog.list(visibleRooms(principal));
  }

  write(name: string, text: string): ConsoleMessage {
    const inbound = this.openInbound();
    const message = this.post(personalRoom(name), name, plainMessage(text));
    // The page does not write the same twice by itself, so there is nothing to tell apart.
    this.give(inbound, { name, text, messageId: null, isButton: false });
    return message;
  }

  press(name: string, { messageId, action, approvalId }: ButtonPress): void {
    const inbound = this.openInbound();
    const shown = [sharedRoom, personalRoom(name)].map((room) => this.backlog.find(room, messageId));
    const isShown = shown.some((message) =>
      message?.buttons.some((button) => button.action === action && button.approvalId === approvalId),
    );
    if (!isShown) {
      throw new AppError(
        'DW_CHANNEL_BUTTON',
        `The message '${messageId}' shows no button '${action} ${approvalId}' any more. See the newest state of the approval.`,
      );
    }
    this.give(inbound, { name, text: buttonWords({ action, approvalId }), messageId: null, isButton: true });
  }

  private openInbound(): Inbound {
    if (this.inbound !== null) return this.inbound;
    throw new AppError('DW_CHANNEL_CLOSED', 'The console takes no messages while Dogwatch starts or stops.', {
      retryAfterMs: 2_000,
    });
  }

  private give(
    inbound: Inbound,
    said: {
      readonly name: string;
      readonly text: string;
      readonly messageId: string | null;
      readonly isButton: boolean;
    },
  ): void {
    const { name, text, messageId, isButton } = said;
    const destination: Destination = { channelType, room: personalRoom(name) };
    const message: IncomingMessage = {
      userId: name,
      channelType,
      text,
      metadata: { destination, messageId, isButton },
    };
    inbound(message).catch((error: unknown) => {
      this.logger.error('channel.inbound-failed', 'A message could not be handled', {
        channel: channelType,
        user_id: name,
        error,
      });
    });
  }

  private checkDestination({ channelType: type, room }: Destination): void {
    if (type === channelType && (room === sharedRoom || room.startsWith(personalRoom('')))) return;
    throw new AppError(
      'DW_CHANNEL_DESTINATION',
      `The console has no room '${type}:${room}'. Send to 'web:console', or to 'web:user:<name>'.`,
    );
  }

  private post(room: string, author: string | null, message: OutgoingMessage): ConsoleMessage {
    const at = isoTime(this.clock.now());
    const posted = { id: randomUUID(), room, author, at, editedAt: null, ...renderMessage(message) };
    this.publish(posted);
    return posted;
  }

  private publish(message: ConsoleMessage): void {
    this.backlog.put(message);
    for (const [push, rooms] of this.subscribers) {
      if (rooms.includes(message.room)) push({ event: 'message', data: message });
    }
  }
}
