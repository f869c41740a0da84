import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApprovalSummary } from '@dogwatch/core';
import { SimulatedClusterProcess } from '@dogwatch/testkit';
import { HomelabProcess } from '../homelab-process.js';
import type { IncidentDetail } from '../homelab-process.js';
import type { CrashPoint, ProcessWrites } from './crash-points.js';
import { PersistentHuman } from './persistent-human.js';

/** What a scenario is played with. */
export interface ScenarioOptions {
  /** Variables of the stores. */
  readonly env: Readonly<Record<string, string>>;
  /** The roles of each process; the first one has the API. Empty for a process that is alone with its file. */
  readonly roles: readonly string[];
  /** `null`: nothing is killed. */
  readonly point: CrashPoint | null;
}

/** What a scenario left behind. */
export interface ScenarioOutcome {
  /** False when no process came to the crash point. */
  readonly hasCrashed: boolean;
  readonly writes: readonly ProcessWrites[];
  readonly incidents: readonly IncidentDetail[];
  /** Approvals whose approval was answered with 200. */
  readonly accepted: readonly ApprovalSummary[];
  /** Run ids of the patches that the cluster itself has carried out. */
  readonly effects: readonly string[];
}

const speed = 5;
const preload = (file: string): string => `--import=${fileURLToPath(new URL(`./${file}`, import.meta.url))}`;
const fastTime = preload('fast-time.js');

const namespace = 'shop';

// The shipped playbook with more time to verify: in fast time a busy machine's start of a process takes minutes.
const patientRestart = `
id: crash_loop_remediation
title: Restart a crash-looping Deployment
applies_to: [Deployment]
steps:
  - id: restart
    tool: k8s_restart_deployment
    with: { namespace: '{{ incident.namespace }}', name: '{{ incident.resource.name }}' }
    verify: { condition: workload_available, timeout: 30m }
`;

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart', namespace },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'cart' } },
    template: {
      metadata: { labels: { app: 'cart' } },
      spec: { containers: [{ name: 'cart', image: 'example.com/cart:1' }] },
    },
  },
};

async function writeConfig(folder: string, kubeconfig: string): Promise<void> {
  await writeFile(path.join(folder, 'kubeconfig'), kubeconfig);
  await writeFile(path.join(folder, 'dogwatch.yaml'), 'aiops:\n  playbooks: ./restart.yaml\n');
  await writeFile(path.join(folder, 'restart.yaml'), patientRestart);
}

/** Plays one crash loop from its beginning until it is resolved; one process is killed once at the crash point. */
export async function playScenario({ env, roles, point }: ScenarioOptions): Promise<ScenarioOutcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-crash-'));
  const time = { DOGWATCH_TEST_SPEED: String(speed), DOGWATCH_TEST_EPOCH: String(Date.now()) };
  const cluster = await SimulatedClusterProcess.start({ nodeFlags: [fastTime], env: { ...process.env, ...time } });
  await writeConfig(folder, cluster.kubeconfigText());
  const writesOf = (index: number): string => path.join(folder, `writes-${index}`);
  for (const index of roles.keys()) await writeFile(writesOf(index), '');
  const launch = (index: number, crash: CrashPoint | null): HomelabProcess =>
    HomelabProcess.launch({
      dataFolder: path.join(folder, `data-${index}`),
      nodeFlags: [fastTime, preload('fast-leases.js'), preload('crash-at.js')],
      env: {
        ...time,
        ...env,
        DOGWATCH_CONFIG: path.join(folder, 'dogwatch.yaml'),
        DOGWATCH_KUBECONFIG: path.join(folder, 'kubeconfig'),
        DOGWATCH_TEST_WRITES: writesOf(index),
        DOGWATCH_TOKEN: 'a-token-that-all-processes-share',
        APPROVAL_TIMEOUT_SECONDS: '3600',
        ...(roles[index] === '' ? {} : { DOGWATCH_ROLES: roles[index] as string }),
        ...(crash?.process === index ? { DOGWATCH_TEST_CRASH: `${crash.kind}:${crash.number}:${crash.moment}` } : {}),
      },
    });
  const human = new PersistentHuman({
    processes: roles.map((_, index) => launch(index, point)),
    restart: (index) => launch(index, null),
    staysUntilResolved: point?.isWatchedToResolution ?? true,
  });
  try {
    await cluster.apply(deployment);
    await cluster.injectFault({ kind: 'crash-loop', namespace, deployment: 'cart' });
    await human.seeItThrough();
    const incidents = await human.details();
    const patches = (await cluster.requests()).filter(
      (request) => request.method === 'PATCH' && !request.dryRun && request.status === 200,
    );
    const writes = await Promise.all(roles.map((_, index) => readFile(writesOf(index), 'utf8')));
    return {
      hasCrashed: human.hasSeenCrash,
      writes: writes.map((text) => text.split('\n').filter((line) => line !== '')),
      incidents,
      accepted: human.accepted,
      effects: patches.map(({ body }) => runOf(body)),
    };
  } finally {
    await human.killAll();
    await cluster.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

function runOf(body: unknown): string {
  const patch = body as { metadata?: { annotations?: Record<string, string> } };
  return patch.metadata?.annotations?.['dogwatch.dev/run'] ?? 'a write without a run id';
}
