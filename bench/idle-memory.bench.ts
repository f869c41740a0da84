// Resident memory of the homelab app as `npm start` runs it, half a minute after it is ready: console, simulated cluster and all.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { reportMeasurement } from './report-measurement.js';

const idleMs = 30_000;
const app = fileURLToPath(new URL('../../examples/homelab/dist/app.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dogwatch-bench-'));
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  scripts: { start: string };
};
// The flags of `npm start`, so that what is measured is what users run.
const flags = /node (.*?)examples\//.exec(scripts.start)?.[1]?.trim().split(/\s+/).filter(Boolean) ?? [];
const child = spawn(process.execPath, [...flags, app], {
  env: { PATH: process.env['PATH'], DOGWATCH_PORT: '0', DOGWATCH_DATA: folder },
  stdio: ['ignore', 'pipe', 'inherit'],
});
await new Promise<void>((resolve) => {
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.includes('"event":"ready"')) resolve();
  });
});
await sleep(idleMs);
const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
const kib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
reportMeasurement({
  name: 'resident memory of the idle homelab app',
  unit: 'MB',
  measured: (kib * 1024) / 1e6,
  aim: { atMost: 130 },
});
child.kill('SIGTERM');
await new Promise((resolve) => child.once('exit', resolve));
rmSync(folder, { recursive: true });
