import { definePort } from '../di/define-port.js';
import type { MessageButton } from '../domain/outgoing-message.js';

/** Knows which buttons of approvals still do something, whichever replica has decided meanwhile. */
export interface OfferedButtons {
  /** Whether a message about the approval, made now, would show the button. Rejects when the log cannot be read. */
  isOffered(button: Pick<MessageButton, 'action' | 'approvalId'>): Promise<boolean>;
}
export const OfferedButtons = definePort<OfferedButtons>('core.OfferedButtons');
