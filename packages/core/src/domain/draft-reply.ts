import type { OutgoingMessage } from './outgoing-message.js';

/** An answer that people may watch being written; what is answered in the end takes its place. */
export interface DraftReply {
  /** Shows how far the answer is, in place of what was shown before; never throws. Not to be called too often: each call edits a message. */
  show(message: OutgoingMessage): Promise<void>;
}
