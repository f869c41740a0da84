import type { Destination } from '../domain/outgoing-message.js';
import type { Severity } from '../domain/severity.js';
import { formatRoom } from '../routing/parse-room.js';
import type { StreamFold } from '../log/change-stream.js';

/** What a `notified` event holds. */
export interface NotifiedData {
  readonly messageKey: string;
  readonly channelType: string;
  readonly room: string;
  readonly thread?: string;
  /** The channel's id of the message, or `null`. */
  readonly messageId: string | null;
  /** SHA-256 of what it shows, so that the same is not sent again. */
  readonly digest: string;
  /** True when it is a line of a digest, and has no message of its own. */
  readonly isSummedUp?: boolean;
}

/** What a `routed` event holds: where a message goes, for good. */
export interface RoutedData {
  readonly messageKey: string;
  readonly rule: string;
  /** `null` = all rooms. */
  readonly to: readonly string[] | null;
  /** How bad it was then. */
  readonly severity: Severity;
}

/** What the log says about the messages of one stream. */
export interface DeliveredMessages {
  /** By `placeKey`. */
  readonly posted: ReadonlyMap<string, NotifiedData>;
  /** By message key. */
  readonly routed: ReadonlyMap<string, RoutedData>;
}

/** Names a message in a place. */
export function placeKey(messageKey: string, destination: Destination): string {
  return `${messageKey} ${formatRoom(destination)}`;
}

/** Where an event says that a message was posted. */
export function destinationOf({ channelType, room, thread }: NotifiedData): Destination {
  return { channelType, room, ...(thread === undefined ? {} : { thread }) };
}

/** Folds what was posted and routed about a stream. */
export const deliveredFold: StreamFold<DeliveredMessages> = {
  initial: { posted: new Map(), routed: new Map() },
  apply(state, event) {
    if (event.type === 'notified') {
      const data = event.data as unknown as NotifiedData;
      return { ...state, posted: new Map(state.posted).set(placeKey(data.messageKey, destinationOf(data)), data) };
    }
    if (event.type === 'routed') {
      const data = event.data as unknown as RoutedData;
      return { ...state, routed: new Map(state.routed).set(data.messageKey, data) };
    }
    return state;
  },
};
