import { definePort } from '@dogwatch/core';
import type { MessageButton, Principal } from '@dogwatch/core';
import type { ConsoleMessage } from './render-message.js';

/** A press of a button under a message. */
export interface ButtonPress {
  readonly messageId: string;
  readonly action: MessageButton['action'];
  readonly approvalId: string;
}

/** The chat of the console, as its routes use it. */
export interface ConsoleChat {
  /** What this principal may see, newest first. */
  messages(principal: Principal): readonly ConsoleMessage[];
  /** Takes what somebody wrote; throws `DW_CHANNEL_CLOSED` while the channel takes nothing. */
  write(name: string, text: string): ConsoleMessage;
  /** Takes a press; throws `DW_CHANNEL_CLOSED`, or `DW_CHANNEL_BUTTON` when the message does not show that button (any more). */
  press(name: string, press: ButtonPress): void;
}
/** The chat of the console, as its routes use it. */
export const ConsoleChat = definePort<ConsoleChat>('channel-web.ConsoleChat');
