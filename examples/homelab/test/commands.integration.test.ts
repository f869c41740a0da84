import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ApprovalSummary } from '@dogwatch/core';
import { FakeSlack, FakeTelegram, needsProgram, SimulatedClusterProcess } from '@dogwatch/testkit';
import type { KubeManifest } from '@dogwatch/testkit';
import { freePort } from './alertmanager-process.js';
import { AppOnTerminal } from './app-on-terminal.js';
import { talkInConsole, talkOnSlack, talkOnTelegram, talkOnTerminal } from './command-channels.js';
import type { Talk } from './command-channels.js';
import { until } from './homelab-process.js';

const namespace = 'shop';
const token = 'a-token-of-this-test';
const secret = 'a-webhook-secret';
const channels = ['slack', 'telegram', 'web', 'terminal'] as const;
type Channel = (typeof channels)[number];

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

const flat = (text: string): string => text.replace(/[\s│]+/g, ' ');

describe('every command in every channel', function () {
  this.timeout(600_000);
  needsProgram({ name: 'script', install: 'sudo apt-get install bsdutils' }, process, (script) => {
    let folder: string;
    let slack: FakeSlack;
    let telegram: FakeTelegram;
    let cluster: SimulatedClusterProcess;
    let app: AppOnTerminal;
    let baseUrl: string;
    let group: number;
    let ids: Readonly<Record<Channel, string>>;
    let talks: Readonly<Record<Channel, Talk>>;

    async function call<T>(method: string, address: string, body?: unknown, bearer = token): Promise<T> {
      const answer = await fetch(`${baseUrl}${address}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      assert.ok(answer.ok, `${method} ${address}: ${answer.status}`);
      return (await answer.json()) as T;
    }

    /** What the handler answers, without any channel. */
    async function answerOf(text: string): Promise<string> {
      const { replies } = await call<{ replies: { text: string }[] }>('POST', '/api/messages', { text });
      return replies.map((reply) => reply.text).join('\n');
    }

    async function fireAlerts(): Promise<void> {
      const alerts = channels.map((channel) => ({
        status: 'firing',
        labels: { alertname: `Slow-${channel}`, severity: 'high' },
        annotations: { summary: `It is slow on ${channel}` },
        startsAt: new Date().toISOString(),
        endsAt: '0001-01-01T00:00:00Z',
        fingerprint: `slow-${channel}`,
      }));
      const batch = { version: '4', groupKey: 'g', receiver: 'dogwatch', status: 'firing', alerts };
      await call('POST', '/api/alert/webhook', batch, secret);
    }

    async function incidentOf(channel: Channel): Promise<string> {
      return until(`there is an incident for ${channel}`, async () => {
        const { items } = await call<{ items: { id: string; title: string }[] }>('GET', '/api/incidents?limit=100');
        return items.find(({ title }) => title.includes(`Slow-${channel}`))?.id;
      });
    }

    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-commands-'));
      [slack, telegram, cluster] = await Promise.all([
        FakeSlack.start(),
        FakeTelegram.start(),
        SimulatedClusterProcess.start({ speed: 5 }),
      ]);
      slack.workspace.addChannel({ id: 'C0000000001' });
      group = telegram.addGroup('ops');
      const bela = telegram.addPerson('Béla').id;
      await cluster.apply(...channels.map((channel) => deployment(`web-${channel}`)));
      await writeFile(path.join(folder, 'kubeconfig'), cluster.kubeconfigText());
      const port = await freePort();
      baseUrl = `http://127.0.0.1:${port}`;
      slack.requestUrl = `${baseUrl}/api/webhook/slack`;
      app = new AppOnTerminal(script, path.join(folder, 'data'), {
        ALERTMANAGER_WEBHOOK_SECRET: secret,
        APPROVAL_TIMEOUT_SECONDS: '600',
        DOGWATCH_KUBECONFIG: path.join(folder, 'kubeconfig'),
        DOGWATCH_PORT: String(port),
        DOGWATCH_TOKEN: token,
        RATE_LIMIT_PER_MINUTE: '100000',
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_API_URL: slack.apiUrl,
        SLACK_ROOMS: 'C0000000001',
        SLACK_SIGNING_SECRET: slack.signingSecret,
        TELEGRAM_BOT_TOKEN: telegram.token,
        TELEGRAM_API_ROOT: telegram.apiRoot,
        TELEGRAM_CHATS: String(group),
        TELEGRAM_PEOPLE: String(bela),
      });
      await app.shows(/http:\/\/127\.0\.0\.1:\d+/);
      talks = {
        slack: talkOnSlack(slack, 'U0000000001'),
        telegram: talkOnTelegram(telegram, bela),
        web: await talkInConsole(baseUrl, { name: 'anna', token }),
        terminal: talkOnTerminal(app),
      };
      await fireAlerts();
      const found = channels.map(async (channel) => [channel, await incidentOf(channel)] as const);
      ids = Object.fromEntries(await Promise.all(found)) as Record<Channel, string>;
    });

    after(async () => {
      app.end();
      await Promise.all([cluster.kill(), slack.close(), telegram.stop()]);
      await rm(folder, { recursive: true, force: true });
    });

    async function approvalsOf(name: string, status: 'pending' | 'all'): Promise<readonly ApprovalSummary[]> {
      const address = `/api/approvals?status=${status}&limit=100`;
      const { items } = await call<{ items: readonly ApprovalSummary[] }>('GET', address);
      return items.filter(({ target }) => target.name === name);
    }

    /** The rooms are told how every run ends. */
    const isDone = (name: string): boolean =>
      telegram.shown(group).some(({ text }) => /Done: Scale Deployment/.test(text) && text.includes(name));

    /** Says a line, and waits until all of that was answered. */
    async function ask(talk: Talk, line: string, ...expected: readonly (RegExp | string)[]): Promise<string> {
      const before = (await talk.heard()).length;
      await talk.say(line);
      let fresh = '';
      const isThere = (one: RegExp | string): boolean =>
        typeof one === 'string' ? flat(fresh).includes(flat(one).trim()) : one.test(fresh);
      const missing = (): readonly (RegExp | string)[] => expected.filter((one) => !isThere(one));
      await until(
        `'${line}' is answered in ${talk.channel}`,
        async () => {
          fresh = (await talk.heard()).slice(before);
          return missing().length === 0;
        },
        { timeoutMs: 60_000 },
      ).catch((error: unknown) => {
        throw new Error(`'${line}' lacks ${missing().join(', ')} in ${talk.channel}:\n${fresh}`, { cause: error });
      });
      return fresh;
    }

    /** Every line that the handler answers must arrive. */
    async function askForAll(talk: Talk, line: string): Promise<void> {
      const lines = talk
        .spelled(await answerOf(line))
        .split('\n')
        .filter((one) => one.trim() !== '');
      assert.ok(lines.length > 3, `'${line}' answers ${lines.length} lines`);
      await ask(talk, line, ...lines);
    }

    const idIn = (text: string, pattern: RegExp): string => {
      const id = pattern.exec(text)?.[1];
      assert.ok(id !== undefined, `${pattern} is not in:\n${text}`);
      return id;
    };

    /** Lines of a table arrive one under the other, as wide as they are. */
    async function assertRows(talk: Talk, answer: string): Promise<void> {
      const shown = await talk.tables();
      for (const row of answer.split('\n').filter((one) => /\S {2,}\S/.test(one))) {
        assert.ok(
          shown.includes(row.trim()),
          `${talk.channel} does not show this row as it is:\n${row}\nbut:\n${shown}`,
        );
      }
    }

    for (const channel of channels) {
      it(`looks at things in ${channel}`, async () => {
        const talk = talks[channel];
        const id = ids[channel];
        const allIds = Object.values(ids);
        await until('the watch knows the pods', async () => /web-terminal/.test(await answerOf('/k8s pods shop')));
        await askForAll(talk, '/help');
        await ask(talk, '/status', /Open incidents/, /Waiting for approval/);
        await ask(talk, '/incident list', /open incidents/, ...allIds.map((one) => new RegExp(`${one} +high +\\d`)));
        await ask(talk, `/incident show ${id}`, new RegExp(`Slow-${channel}`), /It is slow on/);
        await ask(talk, `/incident timeline ${id}`, /opened/, /problem observed/);
        await ask(talk, '/alert list', /INCIDENT +SEVERITY/, ...allIds, ...channels.map((one) => `Slow-${one}`));
        await askForAll(talk, '/playbook list');
        const names = channels.map((one) => `web-${one}`);
        await ask(talk, '/k8s deployments shop', ...names);
        await assertRows(talk, await answerOf('/k8s deployments shop'));
        await ask(talk, '!k8s get deployments -n shop', ...names);
        await ask(talk, '/k8s nodes', /node/i);
        await ask(talk, '/k8s logs nobody', /no pod 'nobody'/);
        await ask(talk, '/k8s pods --bogus', /no flag '--bogus'/);
        await ask(talk, '/rca web', /no \/rca yet/);
        assert.deepEqual(talk.refusals(), []);
      });
    }

    for (const channel of channels) {
      it(`changes things in ${channel}`, async () => {
        const talk = talks[channel];
        const id = ids[channel];
        const name = `web-${channel}`;
        await ask(talk, `/incident ack ${id}`, `${id} is acknowledged`);
        await ask(talk, `/playbook run crash_loop_remediation ${id}`, /crash_loop_remediation/);
        await ask(talk, '/pause', /Writes are paused/);
        await ask(talk, '/resume', /Writes are on/);

        const first = await ask(talk, `/k8s scale ${name} 2 ${namespace}`, /Nothing is changed yet/, /replicas/);
        const rejected = idIn(first, /approval ([2-9a-z]{6}) waits/);
        await ask(talk, '/approval list', rejected, name);
        await ask(talk, `/approval reject ${rejected}`, /reject/i, rejected);
        await until('it is rejected', async () =>
          (await approvalsOf(name, 'all')).some((one) => one.id === rejected && one.status === 'rejected'),
        );

        const second = await ask(talk, `!k8s scale deploy/${name} --replicas=3 -n ${namespace}`, /To do it/);
        const approved = idIn(second, /approval ([2-9a-z]{6}) waits/);
        assert.notEqual(approved, rejected);
        await ask(talk, `/approval approve ${approved}`, new RegExp(`pproved.*${approved}|${approved}.*pproved`, 's'));
        await until('the run is over', () => Promise.resolve(isDone(name)));
        const runId = (await approvalsOf(name, 'all')).find((one) => one.id === approved)?.runId ?? '';
        await ask(talk, `/undo ${runId}`, /Nothing is changed yet: Scale Deployment .* to 1 replica\?/);
        const undone = await until('the undo is asked for', async () => (await approvalsOf(name, 'pending'))[0]?.id);
        await ask(talk, `/approval reject ${undone}`, /reject/i, undone);
        await until('the undo is rejected', async () =>
          (await approvalsOf(name, 'all')).some((one) => one.id === undone && one.status === 'rejected'),
        );
        await ask(talk, `/incident close ${id}`, `${id} is closed`);
        assert.deepEqual(talk.refusals(), []);
      });
    }
  });
});
