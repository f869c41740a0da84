import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApprovalSummary } from '@dogwatch/core';
import { freePort } from '../alertmanager-process.js';
import { HomelabProcess } from '../homelab-process.js';
import type { ApiAnswer } from '../homelab-process.js';

/** What all replicas have in common. */
export interface ReplicaSetOptions {
  readonly kubeconfigText: string;
  /** The roles of each replica; its length says how many there are. */
  readonly roles: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly nodeFlags?: readonly string[];
}

/** The token of the API of all replicas. */
export const TOKEN = 'a-token-that-all-replicas-share';
/** The secret of the alert webhook of all replicas. */
export const WEBHOOK_SECRET = 'a-webhook-secret';

/** How somebody proves who he is. */
export type Path = 'token' | 'session';

interface Replica {
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly dataFolder: string;
  process: HomelabProcess;
}

/** Several processes of the app on one store, each on a port that it keeps when it is started again. */
export class ReplicaSet {
  private cookie = '';

  private constructor(
    private readonly folder: string,
    private readonly replicas: readonly Replica[],
    private readonly nodeFlags: readonly string[],
  ) {}

  static async start(options: ReplicaSetOptions): Promise<ReplicaSet> {
    const folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-replicas-'));
    const kubeconfig = path.join(folder, 'kubeconfig');
    await writeFile(kubeconfig, options.kubeconfigText);
    const nodeFlags = options.nodeFlags ?? [];
    const replicas: Replica[] = [];
    for (const [index, roles] of options.roles.entries()) {
      const port = await freePort();
      const env = {
        DOGWATCH_KUBECONFIG: kubeconfig,
        DOGWATCH_TOKEN: TOKEN,
        ALERTMANAGER_WEBHOOK_SECRET: WEBHOOK_SECRET,
        DOGWATCH_ROLES: roles,
        DOGWATCH_PORT: String(port),
        LOG_LEVEL: 'warn',
        ...options.env,
      };
      const dataFolder = path.join(folder, `replica-${index}`);
      replicas.push({ port, env, dataFolder, process: HomelabProcess.launch({ dataFolder, env, nodeFlags }) });
    }
    const set = new ReplicaSet(folder, replicas, nodeFlags);
    for (let index = 0; index < replicas.length; index++) await set.isUp(index);
    return set;
  }

  get size(): number {
    return this.replicas.length;
  }

  process(index: number): HomelabProcess {
    return this.replica(index).process;
  }

  urlOf(index: number): string {
    return `http://127.0.0.1:${this.replica(index).port}`;
  }

  /** Resolves when it listens and is ready. */
  async isUp(index: number): Promise<void> {
    for (;;) {
      const { process: child } = this.replica(index);
      if (child.hasEnded) throw new Error(`Replica ${index} has ended: ${child.stderr}`);
      const answer = await fetch(`${this.urlOf(index)}/ready`).catch(() => null);
      if (answer?.status === 200) return;
      await sleep(100);
    }
  }

  /** SIGKILL. */
  async kill(index: number): Promise<void> {
    await this.replica(index).process.kill();
  }

  /** Starts it again when it has ended. */
  restart(index: number): void {
    const replica = this.replica(index);
    if (!replica.process.hasEnded) return;
    const { dataFolder, env } = replica;
    replica.process = HomelabProcess.launch({ dataFolder, env, nodeFlags: this.nodeFlags });
  }

  /** One request to one replica; rejects when it cannot be reached. */
  async call<T>(
    index: number,
    method: string,
    address: string,
    { body, via = 'token' }: { readonly body?: unknown; readonly via?: Path } = {},
  ): Promise<ApiAnswer<T>> {
    const response = await fetch(`${this.urlOf(index)}${address}`, {
      method,
      headers:
        via === 'token'
          ? { authorization: `Bearer ${TOKEN}` }
          : { cookie: await this.session(), origin: this.urlOf(index) },
      signal: AbortSignal.timeout(20_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as T };
  }

  /** Decides as a human: through the API, or through the console's session. */
  decide(
    index: number,
    approval: ApprovalSummary,
    { decision, via }: { readonly decision: 'approve' | 'reject'; readonly via: Path },
  ): Promise<ApiAnswer<ApprovalSummary>> {
    const confirm = approval.requiresConfirm ? { confirm: approval.target.name } : {};
    const body = { decision, ...confirm };
    return this.call(index, 'POST', `/api/approvals/${approval.id}/decision`, { body, via });
  }

  /** Posts a batch as Alertmanager does. */
  postAlerts(index: number, alerts: readonly unknown[]): Promise<Response> {
    return fetch(`${this.urlOf(index)}/api/alert/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${WEBHOOK_SECRET}` },
      body: JSON.stringify({ version: '4', groupKey: 'group', receiver: 'dogwatch', status: 'firing', alerts }),
      signal: AbortSignal.timeout(20_000),
    });
  }

  async remove(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.process.kill()));
    await rm(this.folder, { recursive: true, force: true });
  }

  // Signed by the token alone, so every replica knows it.
  private async session(): Promise<string> {
    for (let index = 0; this.cookie === ''; index = (index + 1) % this.size) {
      const answer = await fetch(`${this.urlOf(index)}/api/session`, {
        method: 'POST',
        body: JSON.stringify({ token: TOKEN, name: 'anna' }),
      }).catch(() => null);
      const cookie = answer?.headers.get('set-cookie')?.split(';')[0];
      if (cookie !== undefined) this.cookie = cookie;
      else await sleep(200);
    }
    return this.cookie;
  }

  private replica(index: number): Replica {
    const replica = this.replicas[index];
    if (replica === undefined) throw new RangeError(`There is no replica ${index}.`);
    return replica;
  }
}
