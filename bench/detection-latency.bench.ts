// From a write to the API server to an open incident in the durable log, against the moment in which a bare watch of the same
// client, in the same process, calls back. The cluster runs in a process of its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConfig, Watch } from '@kubernetes/client-node';
import { aiops, aiopsConfigIn } from '@dogwatch/aiops';
import { approvals, approvalsConfig, createApp, createLogger, IncidentLog, loadConfig, logTail } from '@dogwatch/core';
import { notifier } from '@dogwatch/core';
import { kubernetes, kubernetesConfig } from '@dogwatch/kubernetes';
import { sqliteStore, sqliteStoreConfig } from '@dogwatch/store-sqlite';
import { SimulatedClusterProcess, type KubeManifest } from '@dogwatch/testkit';
import { reportMeasurement } from './report-measurement.js';

const warmUp = 20;
const samples = 200;

function crashingPod(name: string): KubeManifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'bench' },
    spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'example.com/app:1' }] },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'main',
          image: 'example.com/app:1',
          imageID: '',
          ready: false,
          restartCount: 3,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } },
          lastState: {
            terminated: { exitCode: 1, reason: 'Error', finishedAt: new Date().toISOString() },
          },
        },
      ],
    },
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const folder = mkdtempSync(join(tmpdir(), 'dogwatch-bench-'));
const cluster = await SimulatedClusterProcess.start();
const kubeconfig = join(folder, 'kubeconfig');
writeFileSync(kubeconfig, cluster.kubeconfigText());
const settings = await loadConfig(
  null,
  {
    store: sqliteStoreConfig,
    kubernetes: kubernetesConfig,
    approvals: approvalsConfig,
    aiops: aiopsConfigIn({ baseFolder: folder }),
  },
  { DOGWATCH_DATA: folder, DOGWATCH_KUBECONFIG: kubeconfig },
);
const app = createApp({
  plugins: [
    sqliteStore(settings.store),
    logTail(),
    notifier(),
    approvals(settings.approvals),
    kubernetes(settings.kubernetes),
    aiops(settings.aiops),
  ],
  core: { logger: createLogger({ level: 'error', sink: process.stderr }) },
});
await app.start();

const seenByWatch = new Map<string, number>();
const bareConfig = new KubeConfig();
bareConfig.loadFromFile(kubeconfig);
const bareWatch = await new Watch(bareConfig).watch(
  '/api/v1/pods',
  {},
  (_type, pod: { metadata: { name: string } }) => {
    if (!seenByWatch.has(pod.metadata.name)) seenByWatch.set(pod.metadata.name, performance.now());
  },
  () => undefined,
);

const openedByUs = new Map<string, number>();
const log = app.get(IncidentLog);
let position = 0;
log.onAppend(() => {
  const now = performance.now();
  void log.summariesAfter({ afterPosition: position, limit: 1_000 }).then((summaries) => {
    for (const summary of summaries) {
      position = Math.max(position, summary.position);
      const { resource } = summary.data as { resource?: { name: string } };
      if (summary.kind === 'incident' && resource !== undefined && !openedByUs.has(resource.name)) {
        openedByUs.set(resource.name, now);
      }
    }
  });
});
await sleep(3_000);

const watchMs: number[] = [];
const incidentMs: number[] = [];
for (let index = 0; index < warmUp + samples; index++) {
  const name = `pod-${index}`;
  const writtenAt = performance.now();
  await cluster.apply(crashingPod(name));
  while (!openedByUs.has(name) || !seenByWatch.has(name)) await sleep(1);
  if (index < warmUp) continue;
  watchMs.push((seenByWatch.get(name) as number) - writtenAt);
  incidentMs.push((openedByUs.get(name) as number) - writtenAt);
}

for (const [label, share] of [
  ['p50', 0.5],
  ['p99', 0.99],
] as const) {
  reportMeasurement({
    name: `API write → incident ${label}, against a bare watch callback`,
    unit: 'ms',
    measured: percentile(incidentMs, share),
    baseline: percentile(watchMs, share),
    aim: { atMost: 2 },
  });
}

bareWatch.abort();
await app.stop();
await cluster.stop();
rmSync(folder, { recursive: true });
