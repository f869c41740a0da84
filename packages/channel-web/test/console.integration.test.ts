import assert from 'node:assert/strict';
import { needsProgram } from '@dogwatch/testkit';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openConsole, openPage, tabTo, waitForText } from './console-browser.js';
import type { ConsolePage, PageOptions } from './console-browser.js';
import { ConsoleRig } from './console-rig.js';

const chromium = { name: 'chromium', install: 'sudo apt-get install chromium' };
const hostile = '<img src=x onerror=alert(1)><script>alert(2)</script>';
const bert = { channelType: 'slack', userId: 'bert' };
const approvalCard = '#approvals article';

async function countStrangers(page: Page): Promise<number> {
  return page.locator('img[src="x"], script:not([src]), [onerror]').count();
}

needsProgram(chromium, process, (file) => {
  describe('the console in a browser', () => {
    let browser: Browser;
    let rig: ConsoleRig;
    let url: string;
    let opened: ConsolePage[];

    before(async () => {
      browser = await launchBrowser(file);
    });
    after(() => browser.close());
    beforeEach(() => {
      rig = new ConsoleRig();
      opened = [];
    });
    afterEach(async () => {
      for (const one of opened) await one.close();
      await rig.stop();
      for (const { complaints } of opened) assert.deepEqual(complaints, []);
    });

    const start = async (options: PageOptions & { timeoutSeconds?: number } = {}): Promise<Page> => {
      url = await rig.boot({}, options);
      const one = await openConsole(browser, url, options);
      opened.push(one);
      return one.page;
    };

    it('asks for token and name, says what is wrong, and stays logged in', async () => {
      url = await rig.boot();
      const one = await openPage(browser, url);
      opened.push(one);
      const { page } = one;
      await page.getByLabel('Your name').fill('anna');
      await page.getByLabel('Access token').fill('wrong-token');
      await page.getByLabel('Access token').press('Enter');
      await waitForText(page, '#login-note', 'The token is wrong');
      await page.getByLabel('Access token').fill('correct-horse');
      await page.getByLabel('Access token').press('Enter');
      await waitForText(page, '#connection', 'Live');
      await waitForText(page, '#quiet', 'All quiet');
      await page.reload();
      await waitForText(page, '#who', 'anna');
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByLabel('Access token').waitFor();
      await page.reload();
      await page.getByLabel('Access token').waitFor();
    });

    it('shows an incident as soon as it is in the log, and takes it away when it is over', async () => {
      const page = await start();
      await rig.putIncident({ id: 'aaaaa2' });
      await waitForText(page, '#open-incidents', 'Deployment shop/web is in a crash loop');
      await waitForText(page, '#open-incidents', 'seen 3×');
      assert.equal(await page.locator('#quiet').isVisible(), false);
      await rig.putIncident({ id: 'aaaaa2' }, { status: 'resolved', resolvedAt: new Date().toISOString() });
      await waitForText(page, '#resolved-incidents', 'Deployment shop/web is in a crash loop');
      assert.equal(await page.locator('#open-incidents a').count(), 0);
      await waitForText(page, '#quiet', 'All quiet');
    });

    it('lets a click approve: the change happens once, and the card says who decided and what came of it', async () => {
      const page = await start();
      await rig.putIncident({ id: 'aaaaa2' });
      await rig.ask('aaaaa2');
      await waitForText(page, approvalCard, '+ template: "new"');
      assert.equal(await page.locator('#approvals .diff .added').innerText(), '+ template: "new"\n');
      await waitForText(page, approvalCard, '1 line added, 1 removed');
      await waitForText(page, '#announcer', 'medium risk');
      await page.getByRole('button', { name: 'Approve' }).click();
      await waitForText(page, approvalCard, 'Approved by anna (web)');
      await waitForText(page, approvalCard, 'succeeded');
      assert.equal(await page.getByRole('button', { name: 'Approve' }).count(), 0);
      assert.deepEqual(
        rig.world.effects.map(({ template }) => template),
        ['new'],
      );
    });

    it('can be used by keyboard alone', async () => {
      const page = await start();
      await rig.putIncident({ id: 'aaaaa2' });
      await rig.ask('aaaaa2');
      await waitForText(page, approvalCard, 'Set template');
      await tabTo(page, /^Approve$/);
      await page.keyboard.press('Enter');
      await waitForText(page, approvalCard, 'Approved by anna (web)');
      await tabTo(page, /crash loop[^]*seen 3×/);
      await page.keyboard.press('Enter');
      await waitForText(page, '#story-timeline', 'anna (web) approved');
      await page.keyboard.press('Escape');
      await page.locator('#open-incidents a').waitFor();
      assert.equal(rig.world.effects.length, 1);
    });

    it('approves what is of high risk only when the name of the object is typed', async () => {
      const page = await start();
      await rig.putIncident({ id: 'aaaaa2' });
      await rig.ask('aaaaa2', { playbook: 'mend_boldly' });
      const approve = page.getByRole('button', { name: 'Approve' });
      const name = page.getByLabel(/type the name of the object/);
      await name.waitFor();
      assert.equal(await approve.isDisabled(), true);
      await name.fill('wbe');
      await name.press('Enter');
      assert.equal(await approve.isDisabled(), true);
      await name.fill('web');
      assert.equal(await approve.isDisabled(), false);
      await name.press('Escape');
      assert.equal(await approve.isDisabled(), true);
      assert.deepEqual(rig.world.effects, []);
      await name.fill('web');
      await name.press('Enter');
      await waitForText(page, approvalCard, 'Approved by anna (web)');
      await waitForText(page, approvalCard, 'succeeded');
      assert.equal(rig.world.effects.length, 1);
    });

    it('keeps what is being typed while other things change', async () => {
      const page = await start();
      await rig.putIncident({ id: 'aaaaa2' });
      await rig.ask('aaaaa2', { playbook: 'mend_boldly' });
      const name = page.getByLabel(/type the name of the object/);
      await name.fill('we');
      await rig.putIncident({ id: 'bbbbb2', title: 'another one' });
      await rig.ask('bbbbb2', { template: 'other' });
      await page.locator(approvalCard).nth(1).waitFor();
      assert.equal(await name.inputValue(), 'we');
      assert.equal(await name.evaluate((input) => input === document.activeElement), true);
    });

    it('takes no press of a pointer while a card slides into its place', async () => {
      const page = await start();
      await rig.putIncident({ id: 'aaaaa2' });
      await rig.putIncident({ id: 'bbbbb2', title: 'another one' });
      await rig.ask('aaaaa2');
      await page.getByRole('button', { name: 'Approve' }).waitFor();
      const seen = await page.evaluateHandle(() => {
        const list = document.querySelector('#approvals') as HTMLElement;
        const found = { pointerEvents: '' };
        new MutationObserver(() => {
          const first = list.querySelector('button.approve') as Element;
          found.pointerEvents ||= getComputedStyle(first).pointerEvents;
        }).observe(list, { childList: true });
        return found;
      });
      await rig.ask('bbbbb2', { template: 'other' });
      await page.locator(approvalCard).nth(1).waitFor();
      assert.deepEqual(await seen.jsonValue(), { pointerEvents: 'none' });
      await page.getByRole('button', { name: 'Approve' }).nth(1).click();
      await waitForText(page, approvalCard, 'Approved by anna (web)');
    });

    it('shows live that somebody else has decided', async () => {
      const page = await start();
      await rig.putIncident({ id: 'aaaaa2' });
      await rig.ask('aaaaa2');
      await page.getByRole('button', { name: 'Reject' }).waitFor();
      await rig.decideElsewhere('reject', bert);
      await waitForText(page, approvalCard, 'Rejected by bert (slack)');
      assert.equal(await page.getByRole('button', { name: 'Approve' }).count(), 0);
    });

    it('says who was first when a decision comes too late', async () => {
      url = await rig.boot();
      await rig.putIncident({ id: 'aaaaa2' });
      await rig.ask('aaaaa2');
      const one = await openConsole(browser, url);
      opened.push(one);
      const { page } = one;
      await page.getByRole('button', { name: 'Approve' }).waitFor();
      // The page does not hear of it in time.
      await page.route('**/decision', async (route) => {
        await rig.decideElsewhere('reject', bert);
        await route.continue();
      });
      const answered = page.waitForResponse('**/decision');
      await page.getByRole('button', { name: 'Approve' }).click();
      assert.equal((await answered).status(), 409);
      await waitForText(page, approvalCard, 'Rejected by bert (slack)');
      assert.equal(await page.getByRole('alert').filter({ hasText: /./ }).count(), 0);
      assert.deepEqual(rig.world.effects, []);
    });

    it('offers to ask again what nobody decided in time', async () => {
      const page = await start({ timeoutSeconds: 2 });
      await rig.putIncident({ id: 'aaaaa2' });
      await rig.ask('aaaaa2');
      await waitForText(page, approvalCard, 'Nobody decided in time');
      await page.getByRole('button', { name: 'Ask again' }).click();
      await page.getByRole('button', { name: 'Approve' }).click();
      await waitForText(page, approvalCard, 'Approved by anna (web)');
      assert.equal(rig.world.effects.length, 1);
    });

    it('tells the story of an incident, and undoes a run through an approval of its own', async () => {
      const page = await start();
      await rig.putIncident({ id: 'aaaaa2', message: 'exit code 1, 3 restarts' });
      await rig.ask('aaaaa2');
      await page.getByRole('button', { name: 'Approve' }).click();
      await waitForText(page, approvalCard, 'succeeded');
      await page.locator('#open-incidents a').click();
      for (const line of ['Incident opened', 'exit code 1, 3 restarts', 'Planned: Mend it', 'anna (web) approved']) {
        await waitForText(page, '#story-timeline', line);
      }
      await waitForText(page, '#story-timeline', 'succeeded');
      await waitForText(page, '#story-runs', 'set: fake set template');
      await page.getByRole('button', { name: 'Undo…' }).click();
      await waitForText(page, approvalCard, '+ template: "old"');
      await page.getByRole('button', { name: 'Approve' }).click();
      await waitForText(page, '#story-runs', 'Undo of run');
      await waitForText(page, '#story-timeline', 'asked to undo');
      await page.getByRole('button', { name: 'Undo…' }).waitFor({ state: 'detached' });
      assert.deepEqual(
        rig.world.effects.map(({ template }) => template),
        ['new', 'old'],
      );
    });

    it('shows whatever a cluster or a human writes as the text it is', async () => {
      const page = await start();
      await rig.putIncident({ id: 'aaaaa2', title: `title ${hostile}`, message: `log ${hostile}` });
      await rig.ask('aaaaa2', { template: `diff ${hostile}` });
      await waitForText(page, '#open-incidents', `title ${hostile}`);
      await page.locator('#approvals .diff .added', { hasText: '<img src=x' }).waitFor();
      await page.locator('#open-incidents a').click();
      await waitForText(page, '#story-timeline', `log ${hostile}`);
      await page.locator('#chat-input').fill(`chat ${hostile}`);
      await page.locator('#chat-input').press('Enter');
      await waitForText(page, '#chat-log .mine', `chat ${hostile}`);
      await waitForText(page, '#chat-log', 'I did not understand that');
      await page.evaluate(() => document.querySelectorAll('details').forEach((closed) => (closed.open = true)));
      await page.locator('#chat-log .shared .diff', { hasText: '<img src=x' }).waitFor();
      assert.equal(await countStrangers(page), 0);
    });

    it('shows no character that changes the direction of what stands around it', async () => {
      const page = await start();
      await rig.putIncident({ id: 'aaaaa2', title: 'pod \u202eexe.\u2066evil\u0007' });
      await waitForText(page, '#open-incidents', 'pod \ufffdexe.\ufffdevil\ufffd');
    });

    it('says that it reconnects, and has missed nothing when it is back', async () => {
      const page = await start();
      await rig.putIncident({ id: 'aaaaa2', title: 'before the restart' });
      await waitForText(page, '#open-incidents', 'before the restart');
      await rig.stop();
      await waitForText(page, '#connection', 'Reconnecting…');
      await waitForText(page, '#lost', 'may be out of date');
      await rig.putIncident({ id: 'bbbbb2', title: 'during the restart' });
      await rig.boot({ port: Number(new URL(url).port) });
      await waitForText(page, '#connection', 'Live');
      await waitForText(page, '#open-incidents', 'during the restart');
      await rig.putIncident({ id: 'ccccc2', title: 'after the restart' });
      await waitForText(page, '#open-incidents', 'after the restart');
    });

    it('stays well within the limit of requests while an incident changes all the time', async () => {
      const page = await start();
      await rig.putIncident({ id: 'aaaaa2' });
      await page.locator('#open-incidents a').click();
      await waitForText(page, '#story-timeline', 'Incident opened');
      rig.apiRequests.length = 0;
      for (let count = 0; count < 40; count++) {
        await rig.putIncident({ id: 'aaaaa2', message: `restart ${count}` });
        await page.waitForTimeout(100);
      }
      await waitForText(page, '#story-timeline', 'restart 39');
      assert.ok(rig.apiRequests.length <= 4, `${rig.apiRequests.length} requests: ${rig.apiRequests.join(' ')}`);
    });

    it('has a switch that stops every write, and says who threw it', async () => {
      const page = await start();
      await page.getByRole('button', { name: 'Pause writes' }).click();
      await waitForText(page, '#paused', 'Writes were paused by web:anna');
      await rig.putIncident({ id: 'aaaaa2' });
      await rig.ask('aaaaa2');
      await page.getByRole('button', { name: 'Approve' }).click();
      await waitForText(page, approvalCard, 'Approved by anna (web)');
      await waitForText(page, approvalCard, 'paused');
      assert.deepEqual(rig.world.effects, []);
      await page.getByRole('button', { name: 'Resume writes' }).click();
      await waitForText(page, approvalCard, 'succeeded');
      await page.locator('#paused').waitFor({ state: 'hidden' });
      assert.equal(rig.world.effects.length, 1);
    });

    it('leads back to what waits for a decision when it comes while somebody reads elsewhere', async () => {
      const page = await start({ width: 390, height: 600 });
      for (let count = 0; count < 12; count++)
        await rig.putIncident({ id: `aaaaa${2 + (count % 8)}`, title: `No. ${count}` });
      await waitForText(page, '#open-incidents', 'No. 11');
      await page.locator('#chat-input').scrollIntoViewIfNeeded();
      assert.equal(await page.locator('#jump').isVisible(), false);
      await rig.ask('aaaaa2');
      await page.getByRole('button', { name: '1 decision waits' }).click();
      await page.getByRole('button', { name: 'Approve' }).click();
      await waitForText(page, approvalCard, 'Approved by anna (web)');
      assert.equal(await page.locator('#jump').isVisible(), false);
    });

    it('acknowledges an incident, and closes it only when asked twice', async () => {
      const page = await start();
      await rig.putIncident({ id: 'aaaaa2' });
      await page.locator('#open-incidents a').click();
      await page.getByRole('button', { name: 'Acknowledge' }).click();
      await waitForText(page, '#story-head', 'acknowledged');
      await page.getByRole('button', { name: 'Close…' }).click();
      await page.getByRole('button', { name: 'Keep it open' }).click();
      await page.getByRole('button', { name: 'Close…' }).click();
      assert.deepEqual(rig.changes, ['acknowledge aaaaa2 by anna']);
      await page.getByRole('button', { name: 'Close incident' }).click();
      await waitForText(page, '#story-head', 'resolved');
      assert.deepEqual(rig.changes, ['acknowledge aaaaa2 by anna', 'close aaaaa2 by anna']);
    });

    it('leads back to the login when the session has ended', async () => {
      const page = await start();
      await page.evaluate(() => fetch('/api/session', { method: 'DELETE' }).then((answer) => answer.status));
      await page.locator('#chat-input').fill('/status');
      await page.locator('#chat-input').press('Enter');
      await page.getByLabel('Access token').waitFor();
      assert.equal(await page.locator('#app').isVisible(), false);
    });

    it('answers in the chat, and shows it to a page that is opened later', async () => {
      const page = await start();
      await page.locator('#chat-input').fill('/status');
      await page.locator('#chat-input').press('Enter');
      await waitForText(page, '#chat-log', 'Open incidents');
      await page.reload();
      await waitForText(page, '#chat-log', 'Open incidents');
      await waitForText(page, '#chat-log .mine', '/status');
    });

    it('fits a phone: nothing to scroll sideways, everything large enough to touch', async () => {
      const page = await start({ width: 360, height: 740 });
      const long = 'averyveryverylongnamewithoutanyplacetobreakitwhichsomebodygavetoadeployment';
      await rig.putIncident({ id: 'aaaaa2', title: `${long} is in a crash loop`, message: `${long}${long}` });
      await rig.ask('aaaaa2', { playbook: 'mend_boldly', template: `${long}${long}` });
      await page.getByRole('button', { name: 'Approve' }).waitFor();
      const measure = (): Promise<{ overflow: number; small: readonly string[] }> =>
        page.evaluate(() => ({
          overflow: document.documentElement.scrollWidth - window.innerWidth,
          small: [...document.querySelectorAll<HTMLElement>('button, input, summary, .incident, .back')]
            .filter((target) => target.offsetParent !== null && target.getBoundingClientRect().height < 44)
            .map((target) => `${target.tagName} ${target.innerText}`),
        }));
      assert.deepEqual(await measure(), { overflow: 0, small: [] });
      await page.locator('#open-incidents a').click();
      await waitForText(page, '#story-timeline', long);
      assert.deepEqual(await measure(), { overflow: 0, small: [] });
    });
  });
});
