import type { MessageButton } from '@dogwatch/core';

/** What the `action_id` of a button says. */
export interface ButtonAction {
  readonly action: MessageButton['action'];
  readonly approvalId: string;
  /** True when Slack has shown its dialog before the press arrived. */
  readonly isConfirmed: boolean;
}

/** Every `action_id` of ours. */
export const ACTION_PATTERN = /^dogwatch:(approve|reject|ask-again)(:confirmed)?:([A-Za-z0-9_-]{1,64})$/;

/** Makes the `action_id` of a button, unique in a message: an action and an id, nothing more. */
export function encodeAction(button: MessageButton): string {
  const confirmed = button.confirm === undefined ? '' : ':confirmed';
  return `dogwatch:${button.action}${confirmed}:${button.approvalId}`;
}

/** Reads an `action_id`; `null` when it is not ours. */
export function decodeAction(actionId: string): ButtonAction | null {
  const [, action, confirmed, approvalId] = ACTION_PATTERN.exec(actionId) ?? [];
  if (action === undefined || approvalId === undefined) return null;
  return { action: action as ButtonAction['action'], approvalId, isConfirmed: confirmed !== undefined };
}
