import { AppError } from '@dogwatch/core';
import type { Destination, IncomingMessage, MessageReference, OutgoingMessage } from '@dogwatch/core';
import type { ChannelPlace } from '@dogwatch/testkit';
import { ScriptedChannel } from './scripted-channel.js';
import type { Posted } from './scripted-channel.js';

/** Trims what people write. */
export class Trims extends ScriptedChannel {
  override take(text: string, options = {}): void {
    super.take(text.trim().replaceAll(/\s+/g, ' '), options);
  }
}

/** Names the room instead of the person. */
export class NamesTheRoom extends ScriptedChannel {
  protected override incoming(said: { userId: string; text: string; isButton: boolean }): IncomingMessage {
    return super.incoming({ ...said, userId: 'wall' });
  }
}

/** Takes a thread for its room. */
export class MixesPlaces extends ScriptedChannel {
  protected override destinationOf(place: ChannelPlace): Destination {
    return super.destinationOf(place === 'thread' ? 'room' : place);
  }
}

/** Gives on messages as they come. */
export class Overtakes extends ScriptedChannel {
  override take(text: string, { userId = 'anna', isButton = false } = {}): void {
    void this.inbound?.(this.incoming({ userId, text, isButton })).catch(() => undefined);
  }
}

/** Gives on the next message only when the one before is answered, though its messages have no ids. */
export class WaitsForAnswers extends ScriptedChannel {
  protected override nextId(): string | null {
    return null;
  }
}

/** Is ended by one bad handler. */
export class EndsByRejection extends ScriptedChannel {
  override take(text: string, { userId = 'anna', isButton = false } = {}): void {
    const { inbound } = this;
    if (inbound === null) return;
    this.tail = this.tail.then(() => inbound(this.incoming({ userId, text, isButton })));
    this.tail.catch(() => undefined);
  }
}

/** Goes on taking messages for ever. */
export class NeverStops extends ScriptedChannel {
  override stop(): Promise<void> {
    return Promise.resolve();
  }
}

/** Can be stopped once. */
export class StopsOnce extends ScriptedChannel {
  override async stop(): Promise<void> {
    if (this.inbound === null) throw new Error('not running');
    this.inbound = null;
  }
}

/** Shows the title alone. */
export class TitleOnly extends ScriptedChannel {
  protected override post(id: string, message: OutgoingMessage): Posted {
    return super.post(id, { ...message, text: '', facts: [], blocks: [] });
  }
}

/** Sends every answer nowhere. */
export class LosesReplies extends ScriptedChannel {
  protected override incoming(said: { userId: string; text: string; isButton: boolean }): IncomingMessage {
    const message = super.incoming(said);
    return {
      ...message,
      metadata: { ...message.metadata, destination: { channelType: 'elsewhere', room: 'x' } },
    };
  }
}

/** Puts the newest on top. */
export class NewestFirst extends ScriptedChannel {
  override async send(destination: Destination, message: OutgoingMessage): Promise<MessageReference> {
    const reference = await super.send(destination, message);
    this.wall = [...this.wall.slice(-1), ...this.wall.slice(0, -1)];
    return reference;
  }
}

/** Sends nothing once it is stopped. */
export class SilentAfterStop extends ScriptedChannel {
  override send(destination: Destination, message: OutgoingMessage): Promise<MessageReference> {
    if (this.inbound === null) return Promise.resolve({ destination, messageId: null });
    return super.send(destination, message);
  }
}

/** Sends whatever it is given to its own room. */
export class TakesAnyDestination extends ScriptedChannel {
  protected override check(): void {
    return undefined;
  }
}

/** Throws where it should reject. */
export class ThrowsAtOnce extends ScriptedChannel {
  override send(destination: Destination, message: OutgoingMessage): Promise<MessageReference> {
    if (destination.channelType !== this.type) throw new AppError('DW_CHANNEL_DESTINATION', 'not here');
    return super.send(destination, message);
  }
}

/** Lists a room that it cannot send to. */
export class ForeignRoom extends ScriptedChannel {
  override rooms: readonly Destination[] = [{ channelType: 'telegram', room: 'wall' }];
}

/** Shows no buttons. */
export class HidesButtons extends ScriptedChannel {
  protected override post(id: string, message: OutgoingMessage): Posted {
    return super.post(id, { ...message, buttons: [] });
  }
}

/** Gives on a press as if it were typed, without the id. */
export class PressesWithoutId extends ScriptedChannel {
  override press(): void {
    this.take('approve');
  }
}

/** Ignores updates. */
export class NeverUpdates extends ScriptedChannel {
  override update(reference: MessageReference): Promise<MessageReference> {
    return Promise.resolve(reference);
  }
}

/** Posts anew what it should replace. */
export class AlwaysPosts extends ScriptedChannel {
  override update(reference: MessageReference, message: OutgoingMessage): Promise<MessageReference> {
    return this.send(reference.destination, message);
  }
}

/** Fails when the message to update is gone. */
export class CannotPostAnew extends ScriptedChannel {
  override async update(reference: MessageReference, message: OutgoingMessage): Promise<MessageReference> {
    const isThere = this.wall.some((posted) => posted.id === reference.messageId);
    if (!isThere) throw new Error('message_not_found');
    return super.update(reference, message);
  }
}

/** Shows of a long answer what fits in place of its draft. */
export class CutsAnswers extends ScriptedChannel {
  complete(draft: MessageReference, message: OutgoingMessage): Promise<MessageReference> {
    return this.update(draft, { ...message, text: message.text.slice(0, 4_000) });
  }
}

/** Makes a command to tap of every word with a slash. */
export class OffersCommands extends ScriptedChannel {
  protected override clean(text: string): string {
    for (const [command] of text.matchAll(/(?<=\s)\/\w+/g)) this.effects.push(`offers ${command}`);
    return super.clean(text);
  }
}

/** Shows text through something that reads markup. */
export class ReadsMarkup extends ScriptedChannel {
  protected override line(text: string): string {
    return super.line(this.interpret(text));
  }

  protected override clean(text: string): string {
    return super.clean(this.interpret(text));
  }

  private interpret(text: string): string {
    return text.replaceAll(/<[^>]*>/g, (tag) => {
      this.effects.push(tag);
      return '';
    });
  }
}

/** Lets control characters through. */
export class LetsControlsThrough extends ScriptedChannel {
  protected override line(text: string): string {
    return text.replaceAll('\n', ' ');
  }

  protected override clean(text: string): string {
    return text;
  }
}

/** Breaks lines wherever the text says so. */
export class BreaksLines extends ScriptedChannel {
  protected override line(text: string): string {
    return this.clean(text);
  }
}

/** Refuses long text. */
export class RefusesLongText extends ScriptedChannel {
  override async send(destination: Destination, message: OutgoingMessage): Promise<MessageReference> {
    if (message.text.length > 3_000) throw new Error('too long');
    return super.send(destination, message);
  }
}
