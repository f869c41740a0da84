import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { ownMessage } from '../domain/outgoing-message.js';
import type { ChatCommand } from '../ports/chat-command.js';

const decide = ['Decide what waits for approval', 'approve <id> [<target name>]', 'reject <id>'];
const hint = 'An id may be shortened to its first 4 characters. /help <command> shows one command.';

// What somebody who was just woken needs first; commands that are not named here follow by name.
const order: readonly string[] = ['status', 'incident', 'approval', 'k8s', 'playbook', 'undo', 'pause', 'resume'];

function rankOf({ name }: ChatCommand): number {
  const rank = order.indexOf(name);
  return rank === -1 ? order.length : rank;
}

function commandLines(command: ChatCommand): readonly string[] {
  return [command.description, ...command.usage];
}

/** Lists every command, or one of them. */
export function renderHelp(commands: readonly ChatCommand[], topic?: string): OutgoingMessage {
  const name = topic?.replace(/^\//, '').toLowerCase();
  const chosen = name === undefined ? undefined : commands.find((command) => command.name === name);
  if (chosen !== undefined) return ownMessage(commandLines(chosen).join('\n'));
  const sorted = [...commands].sort((a, b) => rankOf(a) - rankOf(b) || a.name.localeCompare(b.name));
  const groups = [decide, ...sorted.map(commandLines)].map((lines) => lines.join('\n'));
  const message = ownMessage([hint, ...groups].join('\n\n'));
  const typed = [...(message.commands ?? []), 'approve <id>', 'reject <id>'];
  return { ...message, title: 'What I understand', commands: typed };
}
