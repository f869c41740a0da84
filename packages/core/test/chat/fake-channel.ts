import { AppError } from '@dogwatch/core';
import type {
  ChannelAdapter,
  ChannelCapabilities,
  Destination,
  IncomingMessage,
  MessageReference,
  OutgoingMessage,
} from '@dogwatch/core';

/** A message as it stands in a room. */
export interface Post {
  readonly destination: Destination;
  readonly messageId: string;
  message: OutgoingMessage;
  /** What it has shown, oldest first. */
  readonly versions: OutgoingMessage[];
}

type Inbound = (message: IncomingMessage) => Promise<void>;

/** What somebody writes. */
export interface Written {
  readonly text: string;
  readonly userId?: string;
  readonly messageId?: string | null;
  readonly room?: string;
  readonly thread?: string;
  readonly isButton?: boolean;
  readonly isConfirmed?: boolean;
  readonly deliveryId?: string;
}

/** A channel that keeps what is posted, and fails when it is told to. */
export class FakeChannel implements ChannelAdapter {
  readonly rooms: readonly Destination[];
  readonly posts: Post[] = [];
  /** Every send and update that got through, as `room: title or text`. */
  readonly calls: string[] = [];
  /** Asked before each delivery; what it answers is thrown. */
  fail: (destination: Destination) => AppError | null = () => null;
  private inbound: Inbound | null = null;

  constructor(
    readonly type: string,
    rooms: readonly string[] = ['ops'],
    readonly capabilities: ChannelCapabilities = { edits: true, buttons: true },
  ) {
    this.rooms = rooms.map((room) => ({ channelType: type, room }));
  }

  get isStarted(): boolean {
    return this.inbound !== null;
  }

  start(inbound: Inbound): Promise<void> {
    this.inbound = inbound;
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.inbound = null;
    return Promise.resolve();
  }

  /** Writes as a human; resolves and rejects as `inbound` does. */
  async write({ text, userId = 'anna', messageId = null, ...rest }: Written): Promise<void> {
    if (this.inbound === null) throw new Error('The channel is not started.');
    const { room = 'ops', thread, isButton, isConfirmed, deliveryId } = rest;
    await this.inbound({
      userId,
      channelType: this.type,
      text,
      metadata: {
        destination: { channelType: this.type, room, ...(thread === undefined ? {} : { thread }) },
        messageId,
        ...(isButton === undefined ? {} : { isButton }),
        ...(isConfirmed === undefined ? {} : { isConfirmed }),
        ...(deliveryId === undefined ? {} : { deliveryId }),
      },
    });
  }

  async send(destination: Destination, message: OutgoingMessage): Promise<MessageReference> {
    this.deliver(destination, message);
    const messageId = `m${this.posts.length + 1}`;
    this.posts.push({ destination, messageId, message, versions: [message] });
    return Promise.resolve({ destination, messageId });
  }

  async update(reference: MessageReference, message: OutgoingMessage): Promise<MessageReference> {
    const post = this.posts.find(({ messageId }) => messageId === reference.messageId);
    if (post === undefined) return this.send(reference.destination, message);
    this.deliver(reference.destination, message);
    post.message = message;
    post.versions.push(message);
    return Promise.resolve(reference);
  }

  /** The posts of a room, oldest first. */
  inRoom(room: string): readonly Post[] {
    return this.posts.filter(({ destination }) => destination.room === room);
  }

  /** The texts of all posts, oldest first. */
  texts(): readonly string[] {
    return this.posts.map(({ message }) => message.title ?? message.text);
  }

  private deliver(destination: Destination, message: OutgoingMessage): void {
    const failure = this.fail(destination);
    if (failure !== null) throw failure;
    this.calls.push(`${destination.room}: ${message.title ?? message.text}`);
  }
}

/** What a channel says that is asked too often. */
export function tooManyRequests(retryAfterMs: number): AppError {
  return new AppError('DW_CHANNEL_DESTINATION', 'Too many requests.', { isRetryable: true, retryAfterMs });
}
