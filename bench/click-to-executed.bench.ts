// From the press of Approve in Slack to the patch at the API server, in the whole app on SQLite, against a bare Koa route that
// takes the same signed press and patches at once: nothing stored, compared or checked. Both take turns on one cluster.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Koa from 'koa';
import { FakeSlack, SimulatedCluster } from '@dogwatch/testkit';
import type { SlackButton } from '@dogwatch/testkit';
import { reportMeasurement } from './report-measurement.js';

const presses = 60;
const warmUp = 5;
const giveUpMs = 60_000;
const room = 'C0000000001';
const person = 'U0000000001';
const token = 'correct-horse-battery';

const folder = mkdtempSync(join(tmpdir(), 'dogwatch-bench-'));
const cluster = await SimulatedCluster.start({ speed: 5 });
const kubeconfig = join(folder, 'kubeconfig');
writeFileSync(kubeconfig, cluster.kubeconfigText());
const slack = await FakeSlack.start();
slack.workspace.addChannel({ id: room });

async function until<T>(what: string, look: () => T | null | undefined | Promise<T | null | undefined>): Promise<T> {
  for (const start = performance.now(); performance.now() - start < giveUpMs; await sleep(2)) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
  }
  throw new Error(`It did not come to this: ${what}`);
}

function deployment(name: string): Parameters<SimulatedCluster['apply']>[0] {
  const labels = { app: name };
  const containers = [{ name: 'main', image: `example.com/${name}:1` }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
}

const child = spawn(process.execPath, [fileURLToPath(new URL('../../examples/homelab/dist/app.js', import.meta.url))], {
  env: {
    PATH: process.env['PATH'],
    DOGWATCH_PORT: '0',
    DOGWATCH_TOKEN: token,
    DOGWATCH_DATA: join(folder, 'data'),
    DOGWATCH_KUBECONFIG: kubeconfig,
    RATE_LIMIT_PER_MINUTE: '1000000',
    APPROVAL_TIMEOUT_SECONDS: '3600',
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    SLACK_ROOMS: room,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const appUrl = await new Promise<string>((resolve) => {
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.includes('"event":"ready"')) resolve((JSON.parse(line) as { url: string }).url);
  });
});

async function api(path: string, body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(`${appUrl}${path}`, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

const patchPath = (name: string): string => `/apis/apps/v1/namespaces/shop/deployments/${name}`;

const koa = new Koa();
koa.use(async (context) => {
  const chunks: Buffer[] = [];
  for await (const chunk of context.req) chunks.push(chunk as Buffer);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  JSON.parse(form.get('payload') ?? '');
  await fetch(`${cluster.url}${patchPath(context.path.slice(1))}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ spec: { replicas: 3 } }),
  });
  context.status = 200;
});
const handleBare = koa.callback();
const bare = createServer((incoming, outgoing) => void handleBare(incoming, outgoing));
await new Promise<void>((resolve) => void bare.listen(0, '127.0.0.1', resolve));
const bareUrl = `http://127.0.0.1:${(bare.address() as AddressInfo).port}`;

const patchesOf = (name: string): readonly { readonly at: string }[] =>
  cluster.requests.filter(
    ({ method, dryRun, path, status }) => method === 'PATCH' && !dryRun && status === 200 && path === patchPath(name),
  );

/** Milliseconds from the press to the patch. */
async function press(button: SlackButton, name: string): Promise<number> {
  const before = patchesOf(name).length;
  const pressedAt = Date.now();
  const { status } = await slack.press(person, button);
  if (status !== 200) throw new Error(`The press was answered ${status}.`);
  const patch = await until(`${name} is patched`, () => patchesOf(name)[before]);
  return Date.parse(patch.at) - pressedAt;
}

async function ask(name: string): Promise<SlackButton> {
  cluster.apply(deployment(name));
  const asked = await until(`scaling ${name} is asked`, async () => {
    await api('/api/messages', { text: `/k8s scale ${name} 2 shop` });
    const { items } = (await api('/api/approvals?limit=500')) as {
      items: readonly { id: string; target: { name: string } }[];
    };
    return items.find(({ target }) => target.name === name);
  });
  return until(`Slack shows the buttons of ${name}`, () =>
    slack.view(room).buttons.find(({ actionId, value }) => value === asked.id && actionId.includes('approve')),
  );
}

const spent: { readonly app: number[]; readonly bare: number[] } = { app: [], bare: [] };
for (let n = 0; n < presses + warmUp; n++) {
  const name = `web-${n}`;
  const button = await ask(name);
  slack.requestUrl = `${appUrl}/api/webhook/slack`;
  const appMs = await press(button, name);
  slack.requestUrl = `${bareUrl}/${name}`;
  const bareMs = await press(button, name);
  if (n < warmUp) continue;
  spent.app.push(appMs);
  spent.bare.push(bareMs);
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;
for (const [name, share] of [
  ['p50', 0.5],
  ['p99', 0.99],
] as const) {
  reportMeasurement({
    name: `press in Slack → patch at the API server, ${name} of ${presses}`,
    unit: 'ms',
    measured: percentile(spent.app, share),
    baseline: Math.max(1, percentile(spent.bare, share)),
    aim: { atMost: 20 },
  });
}

child.kill('SIGTERM');
await new Promise((resolve) => child.once('exit', resolve));
bare.close();
await Promise.all([slack.close(), cluster.close()]);
rmSync(folder, { recursive: true });
