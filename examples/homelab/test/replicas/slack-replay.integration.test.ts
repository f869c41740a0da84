import assert from 'node:assert/strict';
import type { ApprovalSummary } from '@dogwatch/core';
import { FakeSlack, needsPostgres, PostgresServer, SimulatedClusterProcess } from '@dogwatch/testkit';
import type { KubeManifest, SlackButton, SlackPayload } from '@dogwatch/testkit';
import { until } from '../homelab-process.js';
import { ReplicaSet } from './replica-set.js';

const namespace = 'shop';
const room = 'C0000000001';
const anna = 'U0000000001';

function deployment(): KubeManifest {
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'example.com/web:1' }] } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace }, spec };
}

needsPostgres(process, (postgres) => {
  describe('a request of Slack that somebody sends again, to replicas that share PostgreSQL', function () {
    this.timeout(300_000);
    let database: PostgresServer;
    let slack: FakeSlack;
    let cluster: SimulatedClusterProcess;
    let replicas: ReplicaSet;

    before(async () => {
      [database, slack, cluster] = await Promise.all([
        PostgresServer.start(postgres),
        FakeSlack.start({ acknowledgeWithinMs: 30_000 }),
        SimulatedClusterProcess.start({ speed: 5 }),
      ]);
      slack.workspace.addChannel({ id: room });
      await cluster.apply(deployment());
      replicas = await ReplicaSet.start({
        kubeconfigText: cluster.kubeconfigText(),
        roles: ['api,watch,worker', 'api,watch,worker'],
        env: {
          DATABASE_URL: await database.createDatabase(),
          APPROVAL_TIMEOUT_SECONDS: '3600',
          SLACK_BOT_TOKEN: slack.botToken,
          SLACK_API_URL: slack.apiUrl,
          SLACK_ROOMS: room,
          SLACK_SIGNING_SECRET: slack.signingSecret,
        },
      });
    });
    after(async () => {
      await replicas.remove();
      await Promise.all([cluster.kill(), slack.close(), database.remove()]);
    });

    async function deliver(replica: number, payload: SlackPayload, at: number, retryNum?: number) {
      slack.requestUrl = `${replicas.urlOf(replica)}/api/webhook/slack`;
      const retry = retryNum === undefined ? {} : { retryNum };
      return (await slack.deliver(payload, { timestamp: at, ...retry })).status;
    }

    async function approvals(): Promise<readonly ApprovalSummary[]> {
      const { body } = await replicas.call<{ items: ApprovalSummary[] }>(1, 'GET', '/api/approvals?status=all');
      return body.items;
    }

    async function restart(replica: number): Promise<void> {
      await replicas.kill(replica);
      replicas.restart(replica);
      await replicas.isUp(replica);
    }

    async function effects(): Promise<number> {
      const requests = await cluster.requests();
      const isEffect = ({ method, dryRun, status }: (typeof requests)[number]): boolean =>
        method === 'PATCH' && !dryRun && status === 200;
      return requests.filter((request) => isEffect(request) && request.path.includes('/deployments/web')).length;
    }

    function refusals(replica: number): number {
      const lines = replicas.process(replica).lines.filter(({ event }) => event === 'slack.request-refused');
      for (const line of lines) assert.equal(line['reason'], 'replay');
      return lines.length;
    }

    /** Delivers once, then copies of the very request, then redeliveries as Slack makes them; `isWorkedOn` is waited for in between. */
    async function deliverAgainAndAgain(payload: SlackPayload, isWorkedOn: () => Promise<unknown>): Promise<void> {
      const now = Math.floor(Date.now() / 1_000);
      assert.equal(await deliver(0, payload, now), 200);
      const copies = [await deliver(0, payload, now), await deliver(1, payload, now)];
      await isWorkedOn();
      copies.push(await deliver(0, payload, now), await deliver(1, payload, now));
      assert.deepEqual(copies, [401, 401, 401, 401]);
      await until('both have told of it', () => Promise.resolve(refusals(0) >= 2 && refusals(1) >= 2));
      await restart(0);
      assert.equal(await deliver(0, payload, now), 401);
      await until('it has told of it', () => Promise.resolve(refusals(0) === 1));
      // Slack's own: in the same second under the same signature, later under new ones.
      for (const replica of [0, 1]) {
        assert.equal(await deliver(replica, payload, now, 1), 200);
        assert.equal(await deliver(replica, payload, now + 60, 2), 200);
        assert.equal(await deliver(replica, payload, now + 299, 3), 200);
      }
    }

    /** What is said afterwards is answered after all that came before. */
    async function letItWorkOff(): Promise<void> {
      const isAnswer = /watching|open incident/gi;
      const answers = (): number => slack.view(room).text.match(isAnswer)?.length ?? 0;
      for (const replica of [0, 1]) {
        const before = answers();
        const words = { user: anna, channel: room, text: `<@${slack.workspace.app.botUserId}> status` };
        assert.equal(await deliver(replica, slack.wordsPayload(words), Math.floor(Date.now() / 1_000)), 200);
        await until('the app answers', () => Promise.resolve(answers() > before));
      }
    }

    async function isAsked(text: string): Promise<readonly ApprovalSummary[]> {
      return (await approvals()).filter(({ arguments: given }) => JSON.stringify(given).includes(text));
    }

    it('does nothing a second time for a slash command', async () => {
      const command = { user: anna, channel: room, command: '/k8s', text: 'scale web 3 shop' };
      const asked = (): Promise<readonly ApprovalSummary[]> => isAsked('"replicas":3');
      await deliverAgainAndAgain(slack.commandPayload(command), () =>
        until('it is asked', async () => (await asked()).length > 0),
      );
      await letItWorkOff();
      assert.equal((await asked()).length, 1);
    });

    it('does nothing a second time for an event', async () => {
      const text = `<@${slack.workspace.app.botUserId}> scale web to 4 in shop`;
      const payload = slack.wordsPayload({ user: anna, channel: room, text });
      const asked = (): Promise<readonly ApprovalSummary[]> => isAsked('"replicas":4');
      await deliverAgainAndAgain(payload, () => until('it is asked', async () => (await asked()).length > 0));
      await letItWorkOff();
      assert.equal((await asked()).length, 1);
    });

    it('does nothing a second time for a press', async () => {
      const [approval] = await isAsked('"replicas":3');
      const button = await until('its button is shown', () =>
        Promise.resolve(
          slack
            .view(room)
            .buttons.find(({ value, actionId }) => value === approval?.id && actionId.includes('approve')),
        ),
      );
      const pressed = slack.pressPayload(anna, button as SlackButton);
      await deliverAgainAndAgain(pressed, () => until('it is done', async () => (await effects()) > 0));
      await letItWorkOff();
      assert.equal(await effects(), 1);
    });
  });
});
