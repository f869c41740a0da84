import { definePort } from '../di/define-port.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';

/** One live message, wherever it is shown. */
export interface LiveMessage {
  /** Tells this message from others of its stream: `incident`, `approval/<id>`. The first delivery posts it, later ones edit it. */
  readonly messageKey: string;
  /** The stream whose log remembers where it was posted. */
  readonly stream: string;
  readonly message: OutgoingMessage;
}

/**
 * Delivers messages to the destinations that are configured, and nothing that the caller must know about chat.
 *
 * At least once, in order per `messageKey`; a content that was delivered already is not sent again. Resolves when the
 * delivery is recorded in the log (`notified` or `notification-failed`); a channel that fails never fails the caller.
 */
export interface Notifier {
  show(live: LiveMessage): Promise<void>;
}
export const Notifier = definePort<Notifier>('core.Notifier');
