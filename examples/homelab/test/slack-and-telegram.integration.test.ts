import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ApprovalSummary } from '@dogwatch/core';
import { FakeSlack, FakeTelegram, SimulatedClusterProcess } from '@dogwatch/testkit';
import type { KubeManifest, SlackButton, SlackPayload } from '@dogwatch/testkit';
import { freePort } from './alertmanager-process.js';
import { HomelabProcess, until } from './homelab-process.js';
import { TestCalendar } from './test-calendar.js';

const namespace = 'shop';
const room = 'C0000000001';
const anna = 'U0000000001';

function deployment(name: string): KubeManifest {
  const labels = { app: name };
  const containers = [{ name: 'main', image: `example.com/${name}:1` }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
}

for (const mode of ['by Socket Mode', 'over HTTP'] as const) {
  describe(`the homelab app in Telegram and Slack ${mode}`, function () {
    this.timeout(300_000);
    let folder: string;
    let calendar: TestCalendar;
    let slack: FakeSlack;
    let telegram: FakeTelegram;
    let cluster: SimulatedClusterProcess;
    let app: HomelabProcess;
    let group: number;
    let bela: number;
    let env: Readonly<Record<string, string>>;

    async function start(): Promise<HomelabProcess> {
      const started = await HomelabProcess.start({
        dataFolder: path.join(folder, 'data'),
        env,
        nodeFlags: calendar.nodeFlags,
      });
      // A delivery goes by the socket only while one is open.
      if (mode === 'by Socket Mode')
        await until('the socket is open', () => Promise.resolve(slack.socket.connections > 0));
      return started;
    }

    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-both-'));
      calendar = new TestCalendar(path.join(folder, 'clock'));
      [slack, telegram, cluster] = await Promise.all([
        FakeSlack.start({ clock: calendar }),
        FakeTelegram.start(),
        SimulatedClusterProcess.start({ speed: 5 }),
      ]);
      slack.workspace.addChannel({ id: room });
      group = telegram.addGroup('ops');
      bela = telegram.addPerson('Béla').id;
      const kubeconfig = path.join(folder, 'kubeconfig');
      await writeFile(kubeconfig, cluster.kubeconfigText());
      const port = await freePort();
      slack.requestUrl = `http://127.0.0.1:${port}/api/webhook/slack`;
      env = {
        DOGWATCH_KUBECONFIG: kubeconfig,
        DOGWATCH_PORT: String(port),
        ...calendar.env,
        APPROVAL_TIMEOUT_SECONDS: '3600',
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_API_URL: slack.apiUrl,
        SLACK_ROOMS: room,
        ...(mode === 'over HTTP' ? { SLACK_SIGNING_SECRET: slack.signingSecret } : { SLACK_APP_TOKEN: slack.appToken }),
        TELEGRAM_BOT_TOKEN: telegram.token,
        TELEGRAM_API_ROOT: telegram.apiRoot,
        TELEGRAM_CHATS: String(group),
      };
      app = await start();
    });
    after(async () => {
      await app.kill();
      await Promise.all([cluster.kill(), slack.close(), telegram.stop()]);
      await rm(folder, { recursive: true, force: true });
    });

    const onSlack = (id: string): readonly SlackButton[] =>
      slack.view(room).buttons.filter(({ value }) => value === id);
    const isApprove = ({ actionId }: SlackButton): boolean => actionId.includes('approve');
    const slackText = (): string => slack.view(room).text;
    function onTelegram(id: string) {
      const shown = telegram.shown(group).filter(({ fromId }) => fromId === telegram.bot.id);
      const withId = shown.flatMap(({ messageId, buttons }) =>
        buttons
          .filter(({ data }) => data?.includes(id))
          .map(({ text, data }) => ({ messageId, text, data: data ?? '' })),
      );
      return withId;
    }
    const telegramText = (): string =>
      telegram
        .shown(group)
        .map(({ text }) => text)
        .join('\n');

    async function effectsOn(name: string): Promise<number> {
      const requests = await cluster.requests();
      return requests.filter(
        ({ method, dryRun, path: address, status }) =>
          method === 'PATCH' && !dryRun && status === 200 && address.endsWith(`/deployments/${name}`),
      ).length;
    }

    async function breakWorkload(name: string): Promise<ApprovalSummary> {
      await cluster.apply(deployment(name));
      await cluster.injectFault({ kind: 'crash-loop', namespace, deployment: name });
      const approval = await until(`something is asked about ${name}`, async () =>
        (await app.approvals()).find(({ target }) => target.name === name),
      );
      await until('both rooms show the buttons', () =>
        Promise.resolve(onSlack(approval.id).length === 2 && onTelegram(approval.id).length === 2),
      );
      return approval;
    }

    const isOver = (approval: ApprovalSummary): Promise<unknown> =>
      until('the run has succeeded', async () =>
        (await app.incident(approval.incidentId as string)).runs.some(
          ({ id, status }) => id === approval.runId && status === 'succeeded',
        ),
      );

    async function deliver(payload: SlackPayload, retryNum: number): Promise<void> {
      const outcome = await slack.deliver(payload, retryNum === 0 ? {} : { retryNum });
      assert.equal(outcome.status, 200);
    }

    async function restartAfterKill(): Promise<void> {
      await app.kill();
      app = await start();
    }

    /** Delivers a press again as Slack does when it hears nothing, 0, 1 and 5 minutes later, to the same process and to the one after a `kill -9`. */
    async function deliverForMinutes(payload: SlackPayload): Promise<void> {
      for (const [index, minutes] of [0, 1, 4].entries()) {
        if (minutes > 0) await calendar.putForward(minutes, app);
        await deliver(payload, index + 1);
        await restartAfterKill();
        await deliver(payload, index + 1);
      }
    }

    /** Words are worked on after everything that came before them. */
    async function letItWorkOff(): Promise<void> {
      const isAnswer = /watching|open incident/gi;
      const answers = (): number => slackText().match(isAnswer)?.length ?? 0;
      const before = answers();
      await slack.say({ user: anna, channel: room, text: `<@${slack.workspace.app.botUserId}> status` });
      await until('the app answers', () => Promise.resolve(answers() > before));
    }

    const areButtonsGone = (id: string): Promise<unknown> =>
      until('the buttons are gone in both rooms', () =>
        Promise.resolve(onSlack(id).length === 0 && onTelegram(id).length === 0),
      );

    describe('a change that somebody asks for in plain words', () => {
      const name = 'ledger';
      const say = (text: string): unknown => telegram.write({ chatId: group, from: bela, text });

      async function replicas(): Promise<number> {
        const address = `${cluster.url}/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
        const answer = await fetch(address, { headers: { authorization: `Bearer ${cluster.token}` } });
        return ((await answer.json()) as { spec: { replicas: number } }).spec.replicas;
      }

      it('is typed in Telegram and decided in Slack: done once, and both messages say so', async () => {
        await cluster.apply(deployment(name));
        await until(
          'the app sees the Deployment',
          () => {
            say(`/k8s@${telegram.bot.username} deployments ${namespace}`);
            return Promise.resolve(telegramText().includes(name));
          },
          { pauseMs: 1_000 },
        );
        say(`@${telegram.bot.username} scale ${name} to 2`);
        const approval = await until('it is asked', async () =>
          (await app.approvals()).find(({ target }) => target.name === name),
        );
        assert.deepEqual([approval.tool, approval.incidentId], ['k8s_scale_deployment', null]);
        await until('both rooms show the buttons', () =>
          Promise.resolve(onSlack(approval.id).length === 2 && onTelegram(approval.id).length === 2),
        );
        assert.equal(await replicas(), 1);

        const press = onTelegram(approval.id).find(({ text }) => text.startsWith('Approve'));
        await deliver(slack.pressPayload(anna, onSlack(approval.id).find(isApprove) as SlackButton), 0);
        await until('there are two replicas', async () => (await replicas()) === 2);
        await areButtonsGone(approval.id);
        const by = `Approved by slack:${anna}`;
        const done = `Done: Scale Deployment ${namespace}/${name} to 2 replicas`;
        await until('both messages say who decided, and that it is done', () =>
          Promise.resolve([slackText(), telegramText()].every((text) => text.includes(by) && text.includes(done))),
        );

        const before = telegram.shown(group).length;
        const data = press?.data ?? '';
        telegram.press({ chatId: group, messageId: press?.messageId ?? 0, from: bela, data, isStale: true });
        await until('a late press in Telegram is told who decided', () => {
          const told = telegram.shown(group).slice(before);
          return Promise.resolve(told.some(({ text }) => text.includes(anna)));
        });
        assert.equal(await effectsOn(name), 1);
        assert.equal(await replicas(), 2);
      });
    });

    it('shows one incident in both, takes a press on Slack once also over kill -9, edits both, and tells a late press on Telegram', async () => {
      const approval = await breakWorkload('cart');
      const press = onTelegram(approval.id).find(({ text }) => text.startsWith('Approve'));
      const button = onSlack(approval.id).find(isApprove) as SlackButton;
      const pressed = slack.pressPayload(anna, button);
      await deliver(pressed, 0);
      await isOver(approval);
      await areButtonsGone(approval.id);
      const by = `Approved by slack:${anna}`;
      await until('both say who decided', () =>
        Promise.resolve(slackText().includes(by) && telegramText().includes(by)),
      );
      const stale = {
        chatId: group,
        messageId: press?.messageId ?? 0,
        from: bela,
        data: press?.data ?? '',
        isStale: true,
      };
      const before = telegramText();
      const id = telegram.press(stale);
      await until('the late press is answered', () => Promise.resolve(telegram.callbackAnswer(id)));
      await until('it is told who decided', () => {
        const told = telegramText().slice(before.length);
        return Promise.resolve(told.includes(approval.id) && told.includes(anna));
      });
      const pressedAt = calendar.now();
      await deliverForMinutes(pressed);
      assert.ok(calendar.now() - pressedAt >= 5 * 60_000);
      await letItWorkOff();
      assert.equal(await effectsOn('cart'), 1);
    });

    it('carries a press out once that a kill -9 cut short right after it was acknowledged', async () => {
      const approval = await breakWorkload('login');
      const pressed = slack.pressPayload(anna, onSlack(approval.id).find(isApprove) as SlackButton);
      await deliver(pressed, 0);
      await restartAfterKill();
      await deliver(pressed, 1);
      // The time that a change has to prove itself goes by the calendar too.
      await isOver(approval);
      await areButtonsGone(approval.id);
      await deliverForMinutes(pressed);
      await letItWorkOff();
      assert.equal(await effectsOn('login'), 1);
    });

    it('takes a press on Telegram once, though Slack delivers a late press again and again, over kill -9 as well', async () => {
      const approval = await breakWorkload('web');
      const button = onSlack(approval.id).find(isApprove) as SlackButton;
      const late: SlackPayload = slack.pressPayload(anna, button);
      const press = onTelegram(approval.id).find(({ text }) => text.startsWith('Approve'));
      telegram.press({ chatId: group, messageId: press?.messageId ?? 0, from: bela, data: press?.data ?? '' });
      await isOver(approval);
      await areButtonsGone(approval.id);
      const by = `Approved by telegram:${bela}`;
      await until('both say who decided', () =>
        Promise.resolve(slackText().includes(by) && telegramText().includes(by)),
      );

      const answers = (): number => slackText().split(`telegram:${bela}`).length;
      const before = answers();
      await deliver(late, 0);
      await until('the late press is told who decided', () => Promise.resolve(answers() > before));
      const told = answers();
      await deliverForMinutes(late);
      await letItWorkOff();
      assert.equal(answers(), told);
      assert.equal(await effectsOn('web'), 1);
      const { decidedBy } = (await app.approvals('all')).find(({ id }) => id === approval.id) as ApprovalSummary;
      assert.deepEqual(decidedBy, { channelType: 'telegram', userId: String(bela) });
    });
  });
}
