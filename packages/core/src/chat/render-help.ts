import type { OutgoingMessage } from '../domain/outgoing-message.js';
import { plainMessage } from '../domain/outgoing-message.js';
import type { ChatCommand } from '../ports/chat-command.js';

const approvalUsage = ['approve <id> [<target name>]   (also: yes, confirm)', 'reject <id>   (also: no, cancel)'];

function commandLines(command: ChatCommand): string[] {
  return [`${command.description}`, ...command.usage.map((usage) => `  ${usage}`)];
}

/** Lists every command, or one of them. */
export function renderHelp(commands: readonly ChatCommand[], topic?: string): OutgoingMessage {
  const name = topic?.replace(/^\//, '').toLowerCase();
  const chosen = name === undefined ? undefined : commands.find((command) => command.name === name);
  if (chosen !== undefined) return plainMessage(commandLines(chosen).join('\n'));
  const sorted = [...commands].sort((a, b) => a.name.localeCompare(b.name));
  const lines = [
    'Decide what waits for approval',
    ...approvalUsage.map((usage) => `  ${usage}`),
    ...sorted.flatMap(commandLines),
  ];
  return {
    ...plainMessage('An id may be shortened to its first 4 characters.'),
    title: 'What I understand',
    blocks: [{ kind: 'table', text: lines.join('\n') }],
  };
}
