// From a write to the API server to an open incident in PostgreSQL, while the API is asked without a pause, against the same
// without anybody asking; with roles `api` and `watch` in processes of their own. Quiet and loud samples take turns.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PooledDatabase, PostgresIncidentLog } from '@dogwatch/store-postgres';
import { PostgresServer, SimulatedClusterProcess, type KubeManifest } from '@dogwatch/testkit';
import { findPostgres, postgresConfig } from './postgres-program.js';
import { reportMeasurement } from './report-measurement.js';

const rounds = 8;
const samplesPerRound = 15;
const callers = 4;
const giveUpMs = 30_000;
const token = 'correct-horse-battery';

function crashingPod(name: string): KubeManifest {
  const terminated = { exitCode: 1, reason: 'Error', finishedAt: new Date().toISOString() };
  const status = {
    name: 'main',
    image: 'example.com/app:1',
    imageID: '',
    ready: false,
    restartCount: 3,
    state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } },
    lastState: { terminated },
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'bench' },
    spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'example.com/app:1' }] },
    status: { phase: 'Running', containerStatuses: [status] },
  };
}

const folder = mkdtempSync(join(tmpdir(), 'dogwatch-bench-'));
const cluster = await SimulatedClusterProcess.start();
const kubeconfig = join(folder, 'kubeconfig');
writeFileSync(kubeconfig, cluster.kubeconfigText());
const server = await PostgresServer.start(findPostgres());
const url = await server.createDatabase();
const children: ChildProcess[] = [];

async function start(roles: string): Promise<string> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../examples/homelab/dist/app.js', import.meta.url))],
    {
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: url,
        DOGWATCH_DATA: join(folder, roles),
        DOGWATCH_KUBECONFIG: kubeconfig,
        DOGWATCH_PORT: '0',
        DOGWATCH_ROLES: roles,
        DOGWATCH_TOKEN: token,
        RATE_LIMIT_PER_MINUTE: '10000000',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"event":"ready"')) resolve((JSON.parse(line) as { url: string }).url);
    });
  });
}

const apiUrl = await start('api');
await start('watch');
const database = new PooledDatabase(postgresConfig(url));
await database.open();
const log = new PostgresIncidentLog(database);

let position = 0;
async function opened(name: string): Promise<boolean> {
  const summaries = await log.summariesAfter({ afterPosition: position, limit: 1_000 });
  for (const summary of summaries) position = Math.max(position, summary.position);
  return summaries.some(
    ({ kind, data }) => kind === 'incident' && (data['resource'] as { name?: string } | undefined)?.name === name,
  );
}

let made = 0;
async function detect(): Promise<number> {
  const name = `pod-${made++}`;
  const startedAt = performance.now();
  await cluster.apply(crashingPod(name));
  while (!(await opened(name))) {
    if (performance.now() - startedAt > giveUpMs) throw new Error(`${name} became no incident.`);
    await sleep(2);
  }
  return performance.now() - startedAt;
}

let answered = 0;
/** Asks the API without a pause until the signal says stop. */
async function callUntil(signal: AbortSignal): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  while (!signal.aborted) {
    const response = await fetch(`${apiUrl}/api/incidents?status=all&limit=50`, { headers });
    if (response.status !== 200) throw new Error(`The API answered ${response.status}.`);
    await response.arrayBuffer();
    answered++;
  }
}

for (let n = 0; n < 20; n++) await detect();
const spentMs: { readonly quiet: number[]; readonly loud: number[] } = { quiet: [], loud: [] };
for (let round = 0; round < rounds; round++) {
  for (let n = 0; n < samplesPerRound; n++) spentMs.quiet.push(await detect());
  const over = new AbortController();
  const load = Promise.all(Array.from({ length: callers }, () => callUntil(over.signal)));
  for (let n = 0; n < samplesPerRound; n++) spentMs.loud.push(await detect());
  over.abort();
  await load;
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;
for (const [label, share] of [
  ['p50', 0.5],
  ['p99', 0.99],
] as const) {
  reportMeasurement({
    name: `API write → incident ${label} while ${callers} callers got ${answered} answers, against quiet`,
    unit: 'ms',
    measured: percentile(spentMs.loud, share),
    baseline: percentile(spentMs.quiet, share),
    aim: { atMost: 3 },
  });
}

await database.close();
for (const child of children) {
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
}
await cluster.stop();
await server.remove();
rmSync(folder, { recursive: true });
