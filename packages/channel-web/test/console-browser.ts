import assert from 'node:assert/strict';
import { chromiumOptions } from '@dogwatch/testkit';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { TOKEN } from './console-server.js';

/** A page, and all that it complained about. */
export interface ConsolePage {
  readonly page: Page;
  /** Dialogs, uncaught errors, violations of the content security policy; answers such as 401 are no complaint. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** What a page is opened with. */
export interface PageOptions {
  readonly name?: string;
  readonly width?: number;
  readonly height?: number;
}

/** Starts the browser. */
export function launchBrowser(file: string): Promise<Browser> {
  return chromium.launch(chromiumOptions(file));
}

function isAnswer(text: string): boolean {
  return text.startsWith('Failed to load resource: ');
}

/** Opens the console without logging in. */
export async function openPage(browser: Browser, url: string, options: PageOptions = {}): Promise<ConsolePage> {
  const { width = 1280, height = 900 } = options;
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (line) => {
    if ((line.type() === 'error' || line.type() === 'warning') && !isAnswer(line.text())) complaints.push(line.text());
  });
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}

/** Opens the console and logs in; answers when it is live. */
export async function openConsole(browser: Browser, url: string, options: PageOptions = {}): Promise<ConsolePage> {
  const opened = await openPage(browser, url, options);
  const { page } = opened;
  await page.getByLabel('Your name').fill(options.name ?? 'anna');
  await page.getByLabel('Access token').fill(TOKEN);
  await page.getByRole('button', { name: 'Log in' }).click();
  await waitForText(page, '#connection', 'Live');
  await page.waitForFunction(() => document.querySelector('#quiet')?.textContent !== 'Looking…');
  return opened;
}

/** Waits until an element of the page says something. */
export async function waitForText(page: Page, selector: string, text: string): Promise<void> {
  await page.locator(selector, { hasText: text }).first().waitFor();
}

/** Presses Tab until this is focused, as somebody without a mouse does; fails after 60 presses. */
export async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      return element === null ? '' : (element.getAttribute('aria-label') ?? element.innerText).trim();
    });
    if (wanted.test(focused)) return;
    seen.push(focused);
  }
  assert.fail(`${String(wanted)} cannot be reached by Tab; reached were: ${seen.join(' | ')}`);
}
