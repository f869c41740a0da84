import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SimulatedClusterProcess } from '@dogwatch/testkit';
import { HomelabProcess, until } from './homelab-process.js';

const secret = 'a-webhook-secret';
const bearer = `Bearer ${secret}`;
const startsAt = new Date(Date.now() - 60_000).toISOString();

function alertNumber(number: number, status: 'firing' | 'resolved' = 'firing'): object {
  return {
    status,
    labels: { alertname: `Alert${number}`, namespace: 'shop', severity: 'high' },
    annotations: { summary: `Number ${number} is high` },
    startsAt,
    endsAt: status === 'resolved' ? new Date().toISOString() : '0001-01-01T00:00:00Z',
    fingerprint: `fingerprint${number}`,
  };
}

function batchOf(alerts: readonly unknown[]): string {
  return JSON.stringify({ version: '4', groupKey: 'group', receiver: 'dogwatch', status: 'firing', alerts });
}

const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);

describe('the Alertmanager webhook of the app', function () {
  this.timeout(180_000);
  let folder: string;
  let cluster: SimulatedClusterProcess;
  let app: HomelabProcess;

  const start = (): Promise<HomelabProcess> =>
    HomelabProcess.start({
      dataFolder: path.join(folder, 'data'),
      env: { ALERTMANAGER_WEBHOOK_SECRET: secret, DOGWATCH_KUBECONFIG: path.join(folder, 'kubeconfig') },
    });

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-alerts-'));
    cluster = await SimulatedClusterProcess.start();
    await writeFile(path.join(folder, 'kubeconfig'), cluster.kubeconfigText());
    app = await start();
  });
  after(async () => {
    await app.kill();
    await cluster.kill();
    await rm(folder, { recursive: true, force: true });
  });

  async function post(body: string, authorization: string | null = bearer): Promise<{ status: number; text: string }> {
    const response = await fetch(`${app.baseUrl}/api/alert/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }) },
      body,
    });
    return { status: response.status, text: await response.text() };
  }

  const countOf = async (status: 'open' | 'all' | 'resolved'): Promise<number> => (await app.incidents(status)).length;

  it('keeps every alert that it answered with 200 through a kill -9, once each', async () => {
    for (const batch of numbers(0, 4)) {
      const answer = await post(batchOf(numbers(batch * 5, 5).map((number) => alertNumber(number))));
      assert.equal(answer.status, 200, answer.text);
    }
    await app.kill();
    app = await start();
    await until('20 incidents', async () => (await countOf('open')) === 20);
  });

  it('opens nothing for alerts that are sent again', async () => {
    assert.equal((await post(batchOf(numbers(0, 20).map((number) => alertNumber(number))))).status, 200);
    // Batches are correlated in order: once this one has opened, all before it are done.
    assert.equal((await post(batchOf([alertNumber(20)]))).status, 200);
    await until('the later alert has an incident', async () => (await countOf('open')) >= 21);
    assert.equal(await countOf('all'), 21);
  });

  it('closes the incident of a resolved alert', async () => {
    assert.equal((await post(batchOf([alertNumber(3, 'resolved')]))).status, 200);
    await until('one is resolved', async () => (await countOf('resolved')) === 1);
    const [closed] = await app.incidents('resolved');
    assert.equal(closed?.resource.name, 'Alert3');
  });

  it('stores the good alerts of a batch with a broken one, and names what is broken', async () => {
    const answer = await post(batchOf([alertNumber(30), { status: 'firing', labels: 'no map' }]));
    assert.equal(answer.status, 422);
    const { error } = JSON.parse(answer.text) as { error: { details: { path: string }[] } };
    const paths = error.details.map((detail) => detail.path);
    assert.ok(paths.includes('alerts[1].labels'), answer.text);
    assert.ok(paths.includes('alerts[1].startsAt'), answer.text);
    await until('the good one is there', async () =>
      (await app.incidents()).some((incident) => incident.resource.name === 'Alert30'),
    );
  });

  it('takes the secret as bearer token or as basic password, and nothing else', async () => {
    const basic = (password: string): string => `Basic ${Buffer.from(`any:${password}`).toString('base64')}`;
    const again = batchOf([alertNumber(0)]);
    assert.equal((await post(again, bearer)).status, 200);
    assert.equal((await post(again, basic(secret))).status, 200);
    for (const wrong of [null, 'Bearer wrong', basic('wrong'), secret, `Bearer ${secret}x`]) {
      assert.equal((await post(again, wrong)).status, 401, String(wrong));
    }
  });

  it('refuses what is larger than 16 MiB', async () => {
    assert.equal((await post(`"${'x'.repeat(16 * 1024 * 1024)}"`)).status, 413);
  });

  it('has every alert that it answered with 200 when SIGTERM comes in the middle of the load', async () => {
    const accepted: string[] = [];
    let isStopping = false;
    const sender = async (lane: number): Promise<void> => {
      for (let turn = 0; turn < 40; turn++) {
        const number = 1_000 + lane * 100 + turn;
        try {
          const { status } = await post(batchOf([alertNumber(number)]));
          if (status === 200) accepted.push(`Alert${number}`);
          else assert.ok(isStopping && status === 503, `answered ${status}`);
        } catch (error) {
          // Refused connections are fine once it stops; a connection that breaks before that is not.
          if (!isStopping) throw error;
          return;
        }
      }
    };
    const senders = Promise.all(numbers(0, 4).map(sender));
    await until('some are accepted', () => Promise.resolve(accepted.length >= 8));
    isStopping = true;
    const exitCode = await app.stop();
    await senders;
    assert.equal(exitCode, 0, app.stderr);
    app = await start();
    await until('all accepted ones are incidents', async () => {
      const names = new Set((await app.incidents()).map((incident) => incident.resource.name));
      return accepted.every((name) => names.has(name));
    });
  });
});
