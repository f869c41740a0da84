import { spellCommands } from '@dogwatch/core';
import type { Destination, OutgoingMessage } from '@dogwatch/core';

/**
 * Writes commands as Slack lets people type them: it keeps every slash word that it does not know to itself, hears
 * nothing in a room that does not mention the bot, and takes no slash command at all in a thread.
 */
export function spellForSlack(message: OutgoingMessage, { thread }: Pick<Destination, 'thread'>): OutgoingMessage {
  return spellCommands(message, thread === undefined ? inRoom : inThread);
}

function inRoom(word: string): string {
  return word === '/k8s' ? word : `/dogwatch ${word.replace(/^\//, '')}`;
}

function inThread(word: string): string {
  return word.replace(/^\//, '!');
}
