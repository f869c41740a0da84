import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FakeSlack, SimulatedClusterProcess } from '@dogwatch/testkit';
import type { SlackMessage } from '@dogwatch/testkit';
import { HomelabProcess, until } from './homelab-process.js';

const guide = fileURLToPath(new URL('../../../docs/guides/routing.md', import.meta.url));
const secret = 'a-webhook-secret';
const everyone = 'C0EVERYONE';
const payments = 'C0PAYMENTS';
const anna = 'U0ANNA0001';
const elsewhere = 'C0ELSEWHERE';

describe('the example of the guide about routing', function () {
  this.timeout(180_000);
  let folder: string;
  let example: string;
  let cluster: SimulatedClusterProcess;
  let slack: FakeSlack;
  let app: HomelabProcess;

  const startsAt = new Date(Date.now() - 60_000).toISOString();
  const env = (): Record<string, string> => ({
    ALERTMANAGER_WEBHOOK_SECRET: secret,
    DOGWATCH_KUBECONFIG: path.join(folder, 'kubeconfig'),
    DOGWATCH_CONFIG: path.join(folder, 'dogwatch.yaml'),
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
  });

  async function start(): Promise<HomelabProcess> {
    const started = await HomelabProcess.start({ dataFolder: path.join(folder, 'data'), env: env() });
    slack.requestUrl = `${started.baseUrl}/api/webhook/slack`;
    return started;
  }

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-routing-'));
    example = /```yaml\n(.*?)```/s.exec(await readFile(guide, 'utf8'))?.[1] ?? '';
    await writeFile(path.join(folder, 'dogwatch.yaml'), example);
    cluster = await SimulatedClusterProcess.start();
    await writeFile(path.join(folder, 'kubeconfig'), cluster.kubeconfigText());
    slack = await FakeSlack.start();
    for (const id of [everyone, payments, 'C0ONCALL', elsewhere]) slack.workspace.addChannel({ id });
    app = await start();
  });
  after(async () => {
    await app.kill();
    await cluster.kill();
    await slack.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function alert(namespace: string, status: 'firing' | 'resolved'): Promise<void> {
    const labels = { alertname: `Errors in ${namespace}`, namespace, severity: 'critical' };
    const endsAt = status === 'resolved' ? new Date().toISOString() : '0001-01-01T00:00:00Z';
    const one = { status, labels, annotations: { summary: 'Too many' }, startsAt, endsAt, fingerprint: namespace };
    const answer = await fetch(`${app.baseUrl}/api/alert/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify({ version: '4', groupKey: 'g', receiver: 'dogwatch', status, alerts: [one] }),
    });
    assert.equal(answer.status, 200);
  }

  /** What stands in a room itself, not in its threads. */
  const posted = (room: string): readonly SlackMessage[] =>
    slack.messages(room).filter(({ botId, threadTs }) => botId === slack.workspace.app.botId && threadTs === null);

  /** What the bot answers in a room to words that mention it. */
  async function ask(user: string, text: string, threadTs?: string): Promise<string> {
    const before = slack.messages(everyone).length;
    const mention = `<@${slack.workspace.app.botUserId}> ${text}`;
    await slack.say({ user, channel: everyone, text: mention, ...(threadTs === undefined ? {} : { threadTs }) });
    const answer = await until(`an answer to '${text}'`, () =>
      Promise.resolve(
        slack
          .messages(everyone)
          .slice(before)
          .find(({ botId }) => botId !== null),
      ),
    );
    return answer.text;
  }

  it('sends one incident each to two rooms', async () => {
    await alert('pay-eu', 'firing');
    await alert('shop', 'firing');
    await until('both rooms are told', () =>
      Promise.resolve(posted(payments).length > 0 && posted(everyone).length > 0),
    );
    assert.match(slack.view(payments).text, /Errors in pay-eu/);
    assert.match(slack.view(everyone).text, /Errors in shop/);
    assert.doesNotMatch(slack.view(payments).text, /shop/);
    assert.doesNotMatch(slack.view(everyone).text, /pay-eu/);
  });

  it('refuses a stranger, and ignores bots and rooms that are not configured', async () => {
    assert.match(await ask('U0STRANGER', 'incident list'), /do not know you as 'slack:U0STRANGER'/);
    const mention = `<@${slack.workspace.app.botUserId}> status`;
    await slack.say({ user: anna, channel: elsewhere, text: mention });
    await slack.say({ user: anna, channel: everyone, text: mention, event: { bot_id: 'B0OTHERBOT' } });
    // Whatever those had set off would have come before this answer.
    assert.match(await ask(anna, 'approve'), /Nothing waits for approval/);
    assert.deepEqual(posted(elsewhere), []);
    assert.equal(slack.messages(everyone).filter(({ text }) => text.startsWith('Nothing waits')).length, 1);
  });

  it('knows the incident in its thread, and edits its messages after a kill, without posting one again', async () => {
    const [thread] = posted(everyone);
    assert.match(await ask(anna, '!incident ack', thread?.ts), /is acknowledged by .*slack:U0ANNA0001/);
    const before = [posted(everyone).length, posted(payments).length];
    await app.kill();
    app = await start();
    assert.match(await ask(anna, '!incident show', thread?.ts), /Errors in shop/);
    await alert('pay-eu', 'resolved');
    await alert('shop', 'resolved');
    for (const [room, name] of [
      [payments, 'pay-eu'],
      [everyone, 'shop'],
    ] as const) {
      await until(`${room} is told that it is over`, () =>
        Promise.resolve(new RegExp(`Resolved: .*${name}`).test(slack.view(room).text)),
      );
    }
    assert.deepEqual([posted(everyone).length, posted(payments).length], before);
  });

  it('does not start where one person could be the two of its rule, and says what to write', async () => {
    const open = example.replace('channels: [slack], votes: 2', 'votes: 2');
    assert.notEqual(open, example);
    await writeFile(path.join(folder, 'open.yaml'), open);
    const config = { ...env(), DOGWATCH_CONFIG: path.join(folder, 'open.yaml') };
    const mistaken = HomelabProcess.launch({ dataFolder: path.join(folder, 'open'), env: config });
    assert.equal(await mistaken.exit(), 1);
    assert.match(mistaken.stderr, /A rule with 2 votes admits web:anna, .*`channels: \[slack, terminal\]`/);
  });

  it('does not start with a room that is not there, and names it', async () => {
    await writeFile(
      path.join(folder, 'wrong.yaml'),
      example.replace("to: ['slack:C0PAYMENTS']", "to: ['slack:C0PAYMENT']"),
    );
    const wrong = { ...env(), DOGWATCH_CONFIG: path.join(folder, 'wrong.yaml') };
    const mistaken = HomelabProcess.launch({ dataFolder: path.join(folder, 'other'), env: wrong });
    assert.equal(await mistaken.exit(), 1);
    assert.match(
      mistaken.stderr,
      /`routing` sends to 'slack:C0PAYMENT': nobody is answered there\. Add it to 'slack\.rooms'/,
    );
  });
});
