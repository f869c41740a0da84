import type { HttpRoute, MessageButton } from '@dogwatch/core';
import { channelAdapterContract, needsProgram, runContract } from '@dogwatch/testkit';
import type { ChannelAdapterSubject, ChannelView } from '@dogwatch/testkit';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openConsole } from './console-browser.js';
import type { ConsolePage } from './console-browser.js';
import { startConsoleServer } from './console-server.js';
import type { ConsoleServer } from './console-server.js';

const emptyList = (path: string): HttpRoute => ({
  method: 'GET',
  path,
  auth: 'token',
  rateLimit: 'none',
  handle: () => Promise.resolve({ status: 200, body: { items: [], next: null } }),
});

interface PageSubject extends ChannelAdapterSubject {
  readonly server: ConsoleServer;
  readonly pages: Map<string, ConsolePage>;
}

async function say(page: Page, text: string): Promise<void> {
  const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await page.locator('#chat-input').fill(text);
  await page.locator('#chat-input').press('Enter');
  await answered;
}

async function look({ page, complaints }: ConsolePage): Promise<ChannelView> {
  const { text, buttons, strangers } = await page.evaluate(() => {
    const log = document.querySelector<HTMLElement>('#chat-log') as HTMLElement;
    for (const closed of log.querySelectorAll('details')) closed.open = true;
    const known = 'P,DIV,DETAILS,SUMMARY,SPAN,PRE,BUTTON,H4,DL,DT,DD'.split(',');
    return {
      text: log.innerText,
      buttons: [...log.querySelectorAll('button')].map((button) => [button.innerText, button.dataset['focus'] ?? '']),
      strangers: [...log.querySelectorAll('*')].map(({ tagName }) => tagName).filter((name) => !known.includes(name)),
    };
  });
  return {
    text,
    buttons: buttons.map(([label = '', name = '']) => {
      const [action, approvalId] = name.split('/') as [MessageButton['action'], string];
      return { label, action, approvalId };
    }),
    effects: [...strangers, ...complaints],
  };
}

const chromium = { name: 'chromium', install: 'sudo apt-get install chromium' };

needsProgram(chromium, process, (file) => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser(file);
  });
  after(() => browser.close());

  async function create(): Promise<PageSubject> {
    const server = await startConsoleServer([emptyList('/api/incidents'), emptyList('/api/approvals')]);
    const pages = new Map<string, ConsolePage>();
    const pageOf = async (name: string): Promise<ConsolePage> => {
      const opened = pages.get(name) ?? (await openConsole(browser, server.url, { name }));
      pages.set(name, opened);
      return opened;
    };
    await pageOf('anna');
    return {
      server,
      pages,
      adapter: server.channel,
      human: {
        userId: 'anna',
        write: async (text, userId = 'anna') => say((await pageOf(userId)).page, text),
        press: async ({ action, approvalId }) => {
          const { page } = await pageOf('anna');
          await page.evaluate(() => document.querySelectorAll('details').forEach((closed) => (closed.open = true)));
          await page.locator(`#chat-log [data-focus="${action}/${approvalId}"]`).click({ timeout: 2_000 });
        },
        read: async () => look(await pageOf('anna')),
      },
    };
  }

  async function destroy({ server, pages }: PageSubject): Promise<void> {
    for (const page of pages.values()) await page.close();
    await server.stop();
  }

  runContract(channelAdapterContract, 'WebChannel, seen in a browser,', {
    harness: {
      create,
      destroy: (subject) => destroy(subject as PageSubject),
      capabilities: ['buttons', 'edits', 'people'],
    },
  });
});
