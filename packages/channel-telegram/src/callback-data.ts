import type { MessageButton } from '@dogwatch/core';
import { MAX_CALLBACK_BYTES } from './telegram-limits.js';

/** What a pressed button says. */
export interface PressedButton extends Pick<MessageButton, 'action' | 'approvalId'> {
  /** True when a press alone does not decide, so that the buttons must stay. */
  readonly needsConfirm: boolean;
}

const letters: Readonly<Record<MessageButton['action'], string>> = { approve: 'a', reject: 'r', 'ask-again': 'g' };
const form = /^([arg])(!?):(.+)$/s;

/** What a button carries: its action and the approval's id; `null` when that is longer than Telegram takes. */
export function encodeButton({ action, approvalId, confirm }: MessageButton): string | null {
  const data = `${letters[action]}${confirm === undefined ? '' : '!'}:${approvalId}`;
  return Buffer.byteLength(data) > MAX_CALLBACK_BYTES ? null : data;
}

/** What a pressed button carried; `null` when it is none of ours. */
export function decodeButton(data: string): PressedButton | null {
  const [, letter, mark, approvalId] = form.exec(data) ?? [];
  const action = (Object.keys(letters) as MessageButton['action'][]).find((one) => letters[one] === letter);
  if (action === undefined || approvalId === undefined) return null;
  return { action, approvalId, needsConfirm: mark === '!' };
}
