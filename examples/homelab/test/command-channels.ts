import { ownMessage, plainMessage, spellCommands } from '@dogwatch/core';
import type { FakeSlack, FakeTelegram } from '@dogwatch/testkit';
import type { AppOnTerminal } from './app-on-terminal.js';

/** A person who talks with the app in one channel, alone with it. */
export interface Talk {
  readonly channel: string;
  say(line: string): Promise<void>;
  /** A text with what it tells people to type as it must be typed here. */
  spelled(text: string): string;
  /** Everything that the app has said so far, as the person sees it. */
  heard(): Promise<string>;
  /** What was shown as rows under each other, with the spaces that line them up. */
  tables(): Promise<string>;
  /** What the platform refused of what the app wanted to show. */
  refusals(): readonly string[];
}

/** In a direct message; what has a slash goes as a slash command, which is how Slack lets it through. */
export function talkOnSlack(slack: FakeSlack, user: string): Talk {
  const channel = slack.workspace.directChannel(user).id;
  return {
    channel: 'slack',
    spelled: (text) => {
      const own = [...(ownMessage(text).commands ?? []), 'approve <id>', 'reject <id>'];
      const spell = (word: string): string => (word === '/k8s' ? word : `/dogwatch ${word.replace('/', '')}`);
      return spellCommands(plainMessage(text, own), spell).text;
    },
    async say(line) {
      const [, command = '', text = ''] = /^\/(\S+)\s*(.*)$/.exec(line) ?? [];
      if (command === '') await slack.say({ user, channel, text: line });
      else if (command === 'k8s') await slack.command({ user, channel, command: '/k8s', text });
      else await slack.command({ user, channel, command: '/dogwatch', text: `${command} ${text}`.trim() });
    },
    heard: () => Promise.resolve(slack.view(channel).text),
    tables: () => {
      const parts = slack.messages(channel).flatMap(({ blocks }) => blocks.map((block) => JSON.stringify(block)));
      const preformatted = parts.filter((part) => part.includes('"rich_text_preformatted"'));
      return Promise.resolve(preformatted.map((part) => part.replaceAll('\\n', '\n')).join('\n'));
    },
    refusals: () =>
      slack.calls.filter(({ answer }) => answer !== 'ok').map(({ method, answer }) => `${method}: ${answer}`),
  };
}

/** In the private chat with the bot. */
export function talkOnTelegram(telegram: FakeTelegram, person: number): Talk {
  const shown = (): ReturnType<FakeTelegram['shown']> =>
    telegram.shown(person).filter(({ fromId }) => fromId === telegram.bot.id);
  return {
    channel: 'telegram',
    spelled: (text) => text,
    say(line) {
      telegram.write({ chatId: person, from: person, text: line });
      return Promise.resolve();
    },
    heard: () =>
      Promise.resolve(
        shown()
          // A word joiner is not shown.
          .map(({ text }) => text.replaceAll('\u2060', ''))
          .join('\n'),
      ),
    tables: () => {
      const blocks = shown().flatMap(({ text, entities }) =>
        entities.filter(({ type }) => type === 'pre').map(({ offset, length }) => text.slice(offset, offset + length)),
      );
      return Promise.resolve(blocks.join('\n'));
    },
    refusals: () =>
      telegram.calls
        .filter(({ method, status }) => method !== 'getUpdates' && status !== null && status !== 200)
        .map(({ method, status }) => `${method}: ${status}`),
  };
}

/** On the terminal that the app was started on. */
export function talkOnTerminal(app: AppOnTerminal): Talk {
  const heard = (): Promise<string> => Promise.resolve(app.screen.replaceAll('\r', ''));
  return {
    channel: 'terminal',
    spelled: (text) => text,
    say(line) {
      app.type(line);
      return Promise.resolve();
    },
    heard,
    tables: async () =>
      (await heard())
        .split('\n')
        .flatMap((line) => /│ (.*)$/.exec(line)?.[1] ?? [])
        .join('\n'),
    refusals: () => [],
  };
}

interface ConsoleItem {
  readonly author: string | null;
  readonly room: string;
  readonly title: string | null;
  readonly text: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly blocks: readonly { readonly text: string }[];
}

/** On the page in the browser, by what the page itself calls. */
export async function talkInConsole(baseUrl: string, { name, token }: { name: string; token: string }): Promise<Talk> {
  const login = await fetch(`${baseUrl}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: baseUrl },
    body: JSON.stringify({ name, token }),
  });
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  if (!login.ok || cookie === '') throw new Error(`The console let nobody in: ${login.status} ${await login.text()}`);
  const refused: string[] = [];
  const items = async (): Promise<readonly ConsoleItem[]> => {
    const answer = await fetch(`${baseUrl}/api/console/messages`, { headers: { cookie } });
    const { items: all } = (await answer.json()) as { readonly items: readonly ConsoleItem[] };
    return all.filter(({ author, room }) => author === null && room === `user:${name}`).reverse();
  };
  return {
    channel: 'web',
    spelled: (text) => text,
    async say(text) {
      const answer = await fetch(`${baseUrl}/api/console/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: baseUrl, cookie },
        body: JSON.stringify({ text }),
      });
      if (!answer.ok) refused.push(`${answer.status} ${await answer.text()}`);
    },
    heard: async () =>
      (await items())
        .map(({ title, text, facts, blocks }) =>
          [
            title ?? '',
            text,
            ...facts.map(({ label, value }) => `${label}: ${value}`),
            ...blocks.map((block) => block.text),
          ].join('\n'),
        )
        .join('\n'),
    tables: async () => (await items()).flatMap(({ blocks }) => blocks.map(({ text }) => text)).join('\n'),
    refusals: () => refused,
  };
}
