import { buttonWords } from '@dogwatch/core';
import type { MessageButton } from '@dogwatch/core';
import type { ConsoleMessage } from '@dogwatch/channel-web';
import { channelAdapterContract, runContract } from '@dogwatch/testkit';
import type { ChannelAdapterSubject, ChannelView } from '@dogwatch/testkit';
import { startConsoleServer } from './console-server.js';
import type { ConsoleServer } from './console-server.js';

const path = '/api/console/messages';
type Headers = Readonly<Record<string, string>>;

interface RoutesSubject extends ChannelAdapterSubject {
  readonly server: ConsoleServer;
}

async function list(server: ConsoleServer, headers: Headers): Promise<readonly ConsoleMessage[]> {
  const answer = (await (await server.get(path, { headers })).json()) as { items: readonly ConsoleMessage[] };
  return [...answer.items].reverse();
}

function viewOf(messages: readonly ConsoleMessage[]): ChannelView {
  const lines = messages.flatMap(({ title, text, facts, blocks }) => [
    title ?? '',
    text,
    ...facts.map(({ label, value }) => `${label}: ${value}`),
    ...blocks.map((block) => block.text),
  ]);
  return { text: lines.join('\n'), buttons: messages.flatMap(({ buttons }) => buttons), effects: [] };
}

async function create(): Promise<RoutesSubject> {
  const server = await startConsoleServer();
  const headers = await server.login('anna');
  const post = async (body: unknown, from: Headers = headers): Promise<void> => {
    const answer = await server.get(path, { method: 'POST', headers: from, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
  };
  return {
    server,
    adapter: server.channel,
    human: {
      userId: 'anna',
      write: async (text, userId = 'anna') => post({ text }, await server.login(userId)),
      press: async (button: MessageButton) => {
        const shown = (await list(server, headers)).find(({ buttons }) => buttons.length > 0);
        const { action, approvalId } = button;
        if (shown === undefined) throw new Error(`nothing shows '${buttonWords(button)}'`);
        await post({ messageId: shown.id, action, approvalId });
      },
      read: async () => viewOf(await list(server, headers)),
    },
  };
}

runContract(channelAdapterContract, 'WebChannel, by its routes,', {
  harness: {
    create,
    destroy: (subject) => (subject as RoutesSubject).server.stop(),
    capabilities: ['buttons', 'edits', 'people'],
  },
});
