import { definePort } from '../di/define-port.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';
import type { Severity } from '../domain/severity.js';

/** What a message is about, as far as it says where it belongs. */
export interface RoutingSubject {
  readonly cluster: string;
  /** `null` for what belongs to no namespace. */
  readonly namespace: string | null;
  readonly severity: Severity;
  readonly labels: Readonly<Record<string, string>>;
}

/** One live message, wherever it is shown. */
export interface LiveMessage {
  /** Tells this message from others of its stream: `incident`, `approval/<id>`. The first delivery posts it, later ones edit it. */
  readonly messageKey: string;
  /** The stream whose log remembers where it was posted. */
  readonly stream: string;
  readonly message: OutgoingMessage;
  /** What routing rules look at; absent = it goes to all rooms. */
  readonly about?: RoutingSubject;
  /** Rooms as `channelType:room`, in place of what the routing rules say. */
  readonly to?: readonly string[];
  /** Key of the message in whose thread it belongs; shown only where there are threads, and that message was posted. */
  readonly under?: string;
  /** Key of a message of the stream that it goes to the same rooms as; without it, and with nothing routed so, the incident's rooms. */
  readonly sameRoomsAs?: string;
  /** Brings up to date what was posted, or waits for the end of quiet hours; posts nothing where it never was. */
  readonly isEditOnly?: boolean;
  /** Somebody is awake and waits for it: quiet hours do not hold it back. */
  readonly isAwaited?: boolean;
  /** The term of whoever shows it: once it aborts nothing more is sent, and what is left is for the next one. */
  readonly signal?: AbortSignal;
}

/**
 * Delivers messages to the destinations that are configured, and nothing that the caller must know about chat.
 *
 * At least once, in order per `messageKey`; a content that was delivered already is not sent again, and of several that wait the newest
 * alone is sent. What was posted somewhere is edited there for good, whatever later becomes of its routing; when what it is about
 * has got worse, the rooms that the rules name then are added. Resolves when the delivery is recorded in the log (`notified` or `notification-failed`), or put off to the end of quiet hours; a channel that fails
 * never fails the caller. Of a storm of incidents most are shown by one digest.
 */
export interface Notifier {
  show(live: LiveMessage): Promise<void>;
}
export const Notifier = definePort<Notifier>('core.Notifier');
