import type { Actor } from './actor.js';
import type { Destination } from './outgoing-message.js';

/** What a human wrote or pressed, the same for every channel. */
export interface IncomingMessage {
  /** The person, never the chat. */
  readonly userId: string;
  readonly channelType: string;
  /** The words; a pressed button arrives as the words it stands for (`approve 7f3ka2`). */
  readonly text: string;
  readonly metadata: {
    /** Where a reply goes. */
    readonly destination: Destination;
    /** The channel's own id of the message or press, for deduplication; `null` where there is none. */
    readonly messageId: string | null;
    /**
     * Names this one delivery of the message, where the channel can tell: a redelivery has another name, and the same name again is a
     * replay. Absent = it cannot.
     */
    readonly deliveryId?: string;
    /** True when the words come from a button, so that no greeting or suggestion is due. */
    readonly isButton?: boolean;
    /** True when the channel itself has had the person confirm the button's `confirm` text. */
    readonly isConfirmed?: boolean;
    /** A direct message, a room of several people, or a thread of one; absent = direct. */
    readonly scope?: 'direct' | 'room' | 'thread';
  };
}

/** The person behind a message. */
export function messageActor(message: IncomingMessage): Actor {
  return { channelType: message.channelType, userId: message.userId };
}
