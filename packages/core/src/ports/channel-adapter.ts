import { defineExtensionPoint } from '../di/define-port.js';
import type { IncomingMessage } from '../domain/incoming-message.js';
import type { Destination, OutgoingMessage } from '../domain/outgoing-message.js';

/** What a channel can do; what it cannot is done in plainer ways. */
export interface ChannelCapabilities {
  /** A posted message can be changed; where not, `update` posts anew. */
  readonly edits: boolean;
  readonly buttons: boolean;
  /** Details can be posted in a thread under a message (a `Destination` with `thread`); absent = no. */
  readonly threads?: boolean;
  /** A button with `confirm` opens a dialog, and its press arrives with `isConfirmed`; absent = no. */
  readonly confirmDialogs?: boolean;
}

/**
 * Who can write in a channel: `named` = people whom the settings name one by one, or who hold Dogwatch's own token or terminal;
 * `members` = whoever its platform lets into a workspace or group; `anybody` = anybody in the world.
 */
export type ChannelAudience = 'named' | 'members' | 'anybody';

/** Where a message was posted; `null` id where the channel cannot name it. */
export interface MessageReference {
  readonly destination: Destination;
  readonly messageId: string | null;
}

/**
 * One way to talk to humans.
 *
 * Between `start` and `stop` every message of a human is given to `inbound` exactly as written and in order. A message
 * with an id is taken once `inbound` resolves; until then the next one of the same person and conversation waits. One
 * without an id is given on at once, for then `inbound` resolves only with its answer, which a decision must not wait
 * for. An `inbound` that rejects must not end the channel. All text that is sent arrives as text: nothing in it may
 * become markup, a mention, a link of another target, or a command to tap that is not one of the message's `commands`.
 */
export interface ChannelAdapter {
  /** Short name, the `channelType` of its actors and destinations. */
  readonly type: string;
  readonly capabilities: ChannelCapabilities;
  /**
   * Who can write there, as it is set up. Unless it is said who may decide, Dogwatch warns of `members`, and does not start with
   * `anybody`. Absent = `members`.
   */
  readonly audience?: ChannelAudience;
  /** Where unasked messages go; empty = nowhere. */
  readonly rooms: readonly Destination[];
  /**
   * Why messages cannot go to a destination of this channel, or people there get no answers, with the remedy; `null` = nothing
   * is wrong. Absent: nothing but `rooms` can be named.
   */
  findRoomMistake?(destination: Destination): string | null;
  /**
   * Begins to take messages; called once, in the open phase. `inbound` resolves when a message was taken, now or before, and rejects with
   * `DW_CHANNEL_REPLAYED` when this very delivery of it (`deliveryId`) was, by whichever replica.
   */
  start(inbound: (message: IncomingMessage) => Promise<void>): Promise<void>;
  /** Posts a message. A destination of another channel throws `DW_CHANNEL_DESTINATION`; a refused or failed send throws with `isRetryable` set. */
  send(destination: Destination, message: OutgoingMessage): Promise<MessageReference>;
  /** Replaces a posted message, or posts anew what is not there any more; the buttons of the old one no longer work or are gone. Returns where it is now. */
  update(reference: MessageReference, message: OutgoingMessage): Promise<MessageReference>;
  /**
   * Replaces a draft, the newest message of its conversation, by the finished answer, all of it: what does not fit where
   * the draft stands is posted after it, in order and in the same place. Absent = `update` shows as much as there is.
   */
  complete?(draft: MessageReference, message: OutgoingMessage): Promise<MessageReference>;
  /** Takes no more messages; idempotent. Answers to what was taken before can still be sent. */
  stop(): Promise<void>;
}
export const ChannelAdapter = defineExtensionPoint<ChannelAdapter>('core.ChannelAdapter');
