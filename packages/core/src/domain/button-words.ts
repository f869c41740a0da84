import type { MessageButton } from './outgoing-message.js';

const verbs: Readonly<Record<MessageButton['action'], string>> = {
  approve: 'approve',
  reject: 'reject',
  'ask-again': '/approval ask-again',
};

/** The words that a button stands for: what its press arrives as, and what a human types where there are no buttons. */
export function buttonWords(button: Pick<MessageButton, 'action' | 'approvalId'>): string {
  return `${verbs[button.action]} ${button.approvalId}`;
}
