import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRunEnded } from '@dogwatch/core';
import type { ApprovalSummary } from '@dogwatch/core';
import { SimulatedClusterProcess } from '@dogwatch/testkit';
import { HomelabProcess, until } from '../homelab-process.js';
import type { IncidentDetail } from '../homelab-process.js';

/** Where the process is killed. */
export interface CrashPoint {
  readonly kind: 'append' | 'patch';
  /** 1 = the first write of that kind. */
  readonly number: number;
  readonly moment: 'before' | 'after';
  /** Whether the scenario goes on after the run's end, until the incident is resolved. */
  readonly isWatchedToResolution: boolean;
}

/** What a scenario left behind. */
export interface ScenarioOutcome {
  /** False when the process never came to the crash point. */
  readonly hasCrashed: boolean;
  readonly writes: readonly string[];
  readonly incidents: readonly IncidentDetail[];
  /** Approvals whose approval was answered with 200. */
  readonly accepted: readonly ApprovalSummary[];
  /** Run ids of the patches that the cluster itself has carried out. */
  readonly effects: readonly string[];
}

const speed = 5;
const here = (file: string): string => fileURLToPath(new URL(`./${file}`, import.meta.url));
const fastTime = `--import=${here('fast-time.js')}`;
const crashAt = `--import=${here('crash-at.js')}`;

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

/** A human who restarts the app when it is gone, and approves whatever waits, until all is over. */
class PersistentHuman {
  readonly accepted: ApprovalSummary[] = [];
  hasSeenCrash = false;

  constructor(
    private app: HomelabProcess,
    private readonly restart: () => HomelabProcess,
    private readonly staysUntilResolved: boolean,
  ) {}

  get current(): HomelabProcess {
    return this.app;
  }

  async seeItThrough(): Promise<void> {
    const isOver = async (): Promise<boolean> => {
      if (this.app.hasEnded) {
        this.hasSeenCrash = true;
        this.app = this.restart();
      }
      try {
        await this.app.ready();
        return await this.lookOnce();
      } catch (error) {
        // Whoever asks while the process dies gets no answer, and asks again.
        if (this.app.hasEnded || error instanceof TypeError) return false;
        throw error;
      }
    };
    // Several scenarios share few cores: whoever asks all the time takes them.
    await until('the run has ended and the incident is resolved', isOver, { pauseMs: 400 });
  }

  private async lookOnce(): Promise<boolean> {
    for (const approval of await this.app.approvals()) {
      const answer = await this.app.decide(approval, 'approve');
      if (answer.status === 200) this.accepted.push(answer.body);
    }
    const incidents = await this.details();
    const runs = incidents.flatMap((incident) => incident.runs);
    const isOver = runs.length > 0 && runs.every((run) => isRunEnded(run.status));
    return isOver && (!this.staysUntilResolved || incidents.every((incident) => incident.status === 'resolved'));
  }

  async details(): Promise<readonly IncidentDetail[]> {
    const incidents = await this.app.incidents('all');
    return Promise.all(incidents.map((incident) => this.app.incident(incident.id)));
  }
}

/** Plays one crash loop from its beginning until it is resolved, killed once at the crash point (or never). */
export async function playScenario(point: CrashPoint | null): Promise<ScenarioOutcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-crash-'));
  const epoch = String(Date.now());
  const time = { DOGWATCH_TEST_SPEED: String(speed), DOGWATCH_TEST_EPOCH: epoch };
  const cluster = await SimulatedClusterProcess.start({ nodeFlags: [fastTime], env: { ...process.env, ...time } });
  const kubeconfig = path.join(folder, 'kubeconfig');
  const writes = path.join(folder, 'writes');
  await writeFile(kubeconfig, cluster.kubeconfigText());
  const config = path.join(folder, 'dogwatch.yaml');
  await writeFile(writes, '');
  await writeFile(config, 'aiops:\n  playbooks: ./restart.yaml\n');
  await writeFile(path.join(folder, 'restart.yaml'), patientRestart);
  const env = {
    ...time,
    DOGWATCH_KUBECONFIG: kubeconfig,
    DOGWATCH_TEST_WRITES: writes,
    APPROVAL_TIMEOUT_SECONDS: '3600',
  };
  const launch = (crash: CrashPoint | null): HomelabProcess =>
    HomelabProcess.launch({
      dataFolder: path.join(folder, 'data'),
      nodeFlags: [fastTime, crashAt],
      env: crash === null ? env : { ...env, DOGWATCH_TEST_CRASH: `${crash.kind}:${crash.number}:${crash.moment}` },
    });
  const human = new PersistentHuman(launch(point), () => launch(null), point?.isWatchedToResolution ?? true);
  try {
    await cluster.apply(deployment);
    await cluster.injectFault({ kind: 'crash-loop', namespace, deployment: 'cart' });
    await human.seeItThrough();
    const incidents = await human.details();
    const patches = (await cluster.requests()).filter(
      (request) => request.method === 'PATCH' && !request.dryRun && request.status === 200,
    );
    return {
      hasCrashed: human.hasSeenCrash,
      writes: (await readFile(writes, 'utf8')).trim().split('\n'),
      incidents,
      accepted: human.accepted,
      effects: patches.map(({ body }) => runOf(body)),
    };
  } finally {
    await human.current.kill();
    await cluster.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

function runOf(body: unknown): string {
  const patch = body as { metadata?: { annotations?: Record<string, string> } };
  return patch.metadata?.annotations?.['dogwatch.dev/run'] ?? 'a write without a run id';
}
