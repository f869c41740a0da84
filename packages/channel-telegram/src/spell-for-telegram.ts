import { spellCommands } from '@dogwatch/core';
import type { OutgoingMessage } from '@dogwatch/core';

/** Writes commands as a group's bot hears them: in privacy mode it gets nothing there but what begins with a slash. */
export function spellForTelegram(message: OutgoingMessage, chatId: number): OutgoingMessage {
  const isGroup = chatId < 0;
  return isGroup ? spellCommands(message, (word) => (word.startsWith('/') ? word : `/${word}`)) : message;
}
