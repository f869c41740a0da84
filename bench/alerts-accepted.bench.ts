// Alerts that the webhook of the whole app has stored before it answered, on SQLite and on PostgreSQL, against a bare server that
// inserts the same bodies with the same durability. Both take turns, so that a busy machine slows both.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { Pool } from 'pg';
import { PostgresServer } from '@dogwatch/testkit';
import { findPostgres } from './postgres-program.js';
import { reportMeasurement } from './report-measurement.js';

const rounds = 5;
const senders = 10;
const batchesPerSender = 20;
const alertsPerBatch = 10;
const secret = 'a-webhook-secret';
const startsAt = '2026-01-01T00:00:00.000Z';

let made = 0;
function nextBatch(): string {
  const alerts = Array.from({ length: alertsPerBatch }, () => {
    const number = made++;
    return {
      status: 'firing',
      labels: { alertname: 'HighLatency', namespace: 'shop', deployment: `web-${number % 50}`, severity: 'warning' },
      annotations: { summary: `Requests to web-${number % 50} take long` },
      startsAt,
      endsAt: '0001-01-01T00:00:00Z',
      fingerprint: `f${number % 50}`,
    };
  });
  return JSON.stringify({ version: '4', groupKey: 'group', receiver: 'dogwatch', status: 'firing', alerts });
}

async function send(url: string): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
  await Promise.all(
    Array.from({ length: senders }, async () => {
      for (let n = 0; n < batchesPerSender; n++) {
        const response = await fetch(url, { method: 'POST', headers, body: nextBatch() });
        if (response.status !== 200)
          throw new Error(`A batch was answered ${response.status}: ${await response.text()}`);
        await response.arrayBuffer();
      }
    }),
  );
}

/** A bare server that keeps each body before it answers. */
async function startBare(keep: (body: string) => unknown): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      JSON.parse(body);
      void Promise.resolve(keep(body)).then(() => response.end('{}'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => void server.close(),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'dogwatch-bench-'));
const app = fileURLToPath(new URL('../../examples/homelab/dist/app.js', import.meta.url));

async function startApp(store: string, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [app], {
    env: {
      PATH: process.env['PATH'],
      DOGWATCH_PORT: '0',
      DOGWATCH_DATA: join(folder, store),
      ALERTMANAGER_WEBHOOK_SECRET: secret,
      WEBHOOK_RATE_LIMIT_PER_MINUTE: '1000000',
      LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"event":"ready"')) resolve((JSON.parse(line) as { url: string }).url);
    });
  });
  return { child, url: `${url}/api/alert/webhook` };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

interface Sides {
  readonly env: Readonly<Record<string, string>>;
  readonly keep: (body: string) => unknown;
}

async function compare(store: string, { env, keep }: Sides): Promise<void> {
  const bare = await startBare(keep);
  const { child, url } = await startApp(store, env);
  const spentMs = { bare: 0, dogwatch: 0 };
  for (let round = 0; round < rounds; round++) {
    spentMs.bare += await timed(() => send(bare.url));
    spentMs.dogwatch += await timed(() => send(url));
  }
  const perSecond = (ms: number): number => (rounds * senders * batchesPerSender * alertsPerBatch * 1_000) / ms;
  reportMeasurement({
    name: `${store}: alerts stored before the answer, ${alertsPerBatch} a batch, ${senders} senders`,
    unit: 'alerts/s',
    measured: perSecond(spentMs.dogwatch),
    baseline: perSecond(spentMs.bare),
    aim: { atLeast: 0.1 },
  });
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  bare.close();
}

const file = new Database(join(folder, 'bare.sqlite'));
file.exec(
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bodies (id INTEGER PRIMARY KEY, body TEXT)',
);
const insert = file.prepare('INSERT INTO bodies VALUES (NULL, ?)');
await compare('SQLite', { env: {}, keep: (body) => insert.run([body]) });
file.close();

const server = await PostgresServer.start(findPostgres());
const pool = new Pool({ connectionString: await server.createDatabase(), max: senders });
await pool.query('CREATE TABLE bodies (id bigserial PRIMARY KEY, body text)');
await compare('PostgreSQL', {
  env: { DATABASE_URL: await server.createDatabase() },
  keep: (body) => pool.query('INSERT INTO bodies (body) VALUES ($1)', [body]),
});
await pool.end();
await server.remove();
rmSync(folder, { recursive: true });
