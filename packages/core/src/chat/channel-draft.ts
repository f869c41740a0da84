import type { DraftReply } from '../domain/draft-reply.js';
import type { Destination, OutgoingMessage } from '../domain/outgoing-message.js';
import type { ChannelAdapter, MessageReference } from '../ports/channel-adapter.js';

/** A draft in a channel that edits: one message, changed until the answer is complete, which may take more messages. */
export class ChannelDraft implements DraftReply {
  private reference: MessageReference | null = null;

  constructor(
    private readonly channel: ChannelAdapter,
    private readonly destination: Destination,
  ) {}

  async show(message: OutgoingMessage): Promise<void> {
    // A draft that cannot be shown costs nothing: the answer itself is sent with care, and says what fails.
    const shown =
      this.reference === null
        ? this.channel.send(this.destination, message)
        : this.channel.update(this.reference, message);
    this.reference = await shown.catch(() => this.reference);
  }

  /** Posts a message in the draft's place, or anew where no draft was shown; only the first one takes the place. */
  async finish(message: OutgoingMessage): Promise<MessageReference> {
    const placed = await this.place(message);
    this.reference = null;
    return placed;
  }

  private place(message: OutgoingMessage): Promise<MessageReference> {
    const { channel, reference } = this;
    if (reference === null) return channel.send(this.destination, message);
    return channel.complete?.(reference, message) ?? channel.update(reference, message);
  }
}
