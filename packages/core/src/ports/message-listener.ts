import { defineExtensionPoint } from '../di/define-port.js';
import type { IncomingMessage } from '../domain/incoming-message.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';

/** A message and what is answered to it. */
export interface Exchange {
  readonly message: IncomingMessage;
  /** The intent that answered; `null` when none understood the message. */
  readonly intent: string | null;
  readonly replies: readonly OutgoingMessage[];
}

/**
 * Learns what is written and answered in every conversation, right before the answer goes out.
 *
 * The answer waits for it, so it is quick; one that throws is logged, and changes nothing about the answer. A message
 * whose answer was lost with its process comes a second time.
 */
export interface MessageListener {
  answered(exchange: Exchange): Promise<void>;
}
export const MessageListener = defineExtensionPoint<MessageListener>('core.MessageListener');
