import { AppError, buttonWords, stripControls, stripToOneLine } from '@dogwatch/core';
import type {
  ChannelAdapter,
  ChannelCapabilities,
  Destination,
  IncomingMessage,
  MessageButton,
  MessageReference,
  OutgoingMessage,
} from '@dogwatch/core';
import type { ChannelAdapterSubject, ChannelPlace } from '@dogwatch/testkit';

/** A message on the wall of the scripted channel. */
export interface Posted {
  readonly id: string;
  readonly lines: readonly string[];
  readonly buttons: readonly MessageButton[];
}

/** A channel that keeps every promise, in parts that a subclass can break. */
export class ScriptedChannel implements ChannelAdapter {
  readonly type: string = 'scripted';
  readonly capabilities: ChannelCapabilities = { edits: true, buttons: true };
  rooms: readonly Destination[] = [{ channelType: 'scripted', room: 'wall' }];
  wall: Posted[] = [];
  readonly effects: string[] = [];
  protected inbound: ((message: IncomingMessage) => Promise<void>) | null = null;
  protected tail: Promise<void> = Promise.resolve();
  private posts = 0;
  private taken = 0;

  async start(inbound: (message: IncomingMessage) => Promise<void>): Promise<void> {
    this.inbound = inbound;
  }

  async send(destination: Destination, message: OutgoingMessage): Promise<MessageReference> {
    this.check(destination);
    const id = String(this.posts++);
    this.wall = [...this.wall, this.post(id, message)];
    return { destination, messageId: id };
  }

  async update(reference: MessageReference, message: OutgoingMessage): Promise<MessageReference> {
    this.check(reference.destination);
    const { messageId } = reference;
    if (!this.wall.some((posted) => posted.id === messageId)) return this.send(reference.destination, message);
    this.wall = this.wall.map((posted) => (posted.id === messageId ? this.post(posted.id, message) : posted));
    return reference;
  }

  async stop(): Promise<void> {
    this.inbound = null;
  }

  /** What the other end calls when somebody writes or presses. */
  take(text: string, { userId = 'anna', isButton = false } = {}): void {
    const { inbound } = this;
    if (inbound === null) return;
    this.tail = this.tail.then(() => inbound(this.incoming({ userId, text, isButton })).catch(() => undefined));
  }

  /** What it calls when somebody writes in another place. */
  takeIn(place: ChannelPlace, text: string): void {
    const { inbound } = this;
    const message = this.incoming({ userId: 'anna', text, isButton: false });
    const metadata = { ...message.metadata, destination: this.destinationOf(place), scope: place };
    this.tail = this.tail.then(() => inbound?.({ ...message, metadata }));
  }

  protected destinationOf(place: ChannelPlace): Destination {
    const room = { channelType: 'scripted', room: place === 'direct' ? 'anna' : 'wall' };
    return place === 'thread' ? { ...room, thread: 't1' } : room;
  }

  press(button: MessageButton): void {
    const isShown = this.wall.some(({ buttons }) => buttons.some((shown) => shown.approvalId === button.approvalId));
    if (isShown) this.take(buttonWords(button), { isButton: true });
  }

  protected incoming(said: {
    readonly userId: string;
    readonly text: string;
    readonly isButton: boolean;
  }): IncomingMessage {
    const { userId, text, isButton } = said;
    const destination = { channelType: 'scripted', room: 'wall' };
    return { userId, channelType: 'scripted', text, metadata: { destination, messageId: this.nextId(), isButton } };
  }

  protected nextId(): string | null {
    return `said-${this.taken++}`;
  }

  protected check(destination: Destination): void {
    if (destination.channelType !== 'scripted') throw new AppError('DW_CHANNEL_DESTINATION', 'not here');
  }

  protected post(id: string, message: OutgoingMessage): Posted {
    const facts = message.facts.map(({ label, value }) => this.line(`${label}: ${value}`));
    const blocks = message.blocks.map(({ text }) => this.clean(text));
    const lines = [this.line(message.title ?? ''), this.clean(message.text), ...facts, ...blocks];
    return { id, lines, buttons: message.buttons };
  }

  protected line(text: string): string {
    return stripToOneLine(text);
  }

  protected clean(text: string): string {
    return stripControls(text);
  }
}

/** A scripted channel and the human at its other end. */
export function scriptedSubject(adapter: ScriptedChannel): ChannelAdapterSubject {
  return {
    adapter,
    human: {
      userId: 'anna',
      // Nothing here takes longer than a few turns of the event loop.
      patienceMs: 100,
      write: async (text, userId = 'anna') => adapter.take(text, { userId }),
      writeIn: async (place, text) => adapter.takeIn(place, text),
      press: async (button) => adapter.press(button),
      read: async () => ({
        text: adapter.wall.flatMap((posted) => posted.lines).join('\n'),
        buttons: adapter.wall.flatMap((posted) => posted.buttons),
        effects: adapter.effects,
      }),
    },
  };
}
