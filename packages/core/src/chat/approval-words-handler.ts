import { definePort } from '../di/define-port.js';
import type { Actor } from '../domain/actor.js';
import type { OutgoingMessage } from '../domain/outgoing-message.js';

/** Decides approvals by typed words. */
export interface ApprovalWordsHandler {
  /** `null` when the text is no decision. */
  tryHandle(text: string, actor: Actor): Promise<readonly OutgoingMessage[] | null>;
}
export const ApprovalWordsHandler = definePort<ApprovalWordsHandler>('core.ApprovalWordsHandler');
