import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DenialRule } from './access-rules.js';
import type { FaultRequest } from './fault-request.js';
import type { KubeManifest, KubeObject } from './kube-object.js';
import type { RefusalMode } from './outage.js';
import type { LoggedRequest } from './request-log.js';

/** How a cluster in a process of its own is started; the meaning is that of `SimulatedClusterOptions`. */
export interface ClusterProcessOptions {
  readonly dataDir?: string | undefined;
  readonly port?: number | undefined;
  readonly scenario?: 'none' | 'demo' | undefined;
  readonly speed?: number | undefined;
  readonly isDurable?: boolean | undefined;
  /** More flags for node, as `--import=<file>`. */
  readonly nodeFlags?: readonly string[] | undefined;
  /** The whole environment of the process; absent: that of the starting one. */
  readonly env?: Readonly<NodeJS.ProcessEnv> | undefined;
}

interface ReadyLine {
  readonly url: string;
  readonly token: string;
  readonly kubeconfig: unknown;
}

/** A simulated cluster in a process of its own, which survives when the program under test is killed. */
export class SimulatedClusterProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly ready: ReadyLine,
  ) {}

  /** Starts the process and waits until it serves; it ends with the process that started it. */
  static async start(options: ClusterProcessOptions = {}): Promise<SimulatedClusterProcess> {
    const { dataDir, port = 0, scenario = 'none', speed = 1, isDurable = false } = options;
    const flags = ['--port', String(port), '--scenario', scenario, '--speed', String(speed), '--until-stdin-ends'];
    if (dataDir !== undefined) flags.push('--data', dataDir);
    if (isDurable) flags.push('--durable');
    const main = fileURLToPath(new URL('./main.js', import.meta.url));
    const child = spawn(process.execPath, [...(options.nodeFlags ?? []), main, ...flags], {
      stdio: ['pipe', 'pipe', 'inherit'],
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    const ready = await new Promise<ReadyLine>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`The simulated cluster ended with ${code} before it was ready.`)));
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as ReadyLine));
    });
    return new SimulatedClusterProcess(child, ready);
  }

  get url(): string {
    return this.ready.url;
  }

  get token(): string {
    return this.ready.token;
  }

  kubeconfigText(): string {
    return `${JSON.stringify(this.ready.kubeconfig, null, 2)}\n`;
  }

  /** Every request that reached its API server, oldest first. */
  async requests(): Promise<readonly LoggedRequest[]> {
    return ((await this.#control('GET', 'requests')) as { items: LoggedRequest[] }).items;
  }

  async clearRequests(): Promise<void> {
    await this.#control('DELETE', 'requests');
  }

  async apply(...objects: readonly KubeManifest[]): Promise<readonly KubeObject[]> {
    return ((await this.#control('POST', 'apply', { objects })) as { items: KubeObject[] }).items;
  }

  async injectFault(fault: FaultRequest): Promise<void> {
    await this.#control('POST', 'fault', fault);
  }

  async deny(rules: readonly DenialRule[]): Promise<void> {
    await this.#control('POST', 'deny', { rules });
  }

  async dropWatches(): Promise<void> {
    await this.#control('POST', 'drop-watches');
  }

  async hang(): Promise<void> {
    await this.#control('POST', 'hang');
  }

  async refuse(mode: RefusalMode = '503'): Promise<void> {
    await this.#control('POST', 'refuse', { mode });
  }

  async resume(): Promise<void> {
    await this.#control('POST', 'resume');
  }

  async compact(): Promise<void> {
    await this.#control('POST', 'compact');
  }

  /** Ends the process in order: the world is saved. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends the process the hard way. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill(signal);
    await ended;
  }

  async #control(method: string, name: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/_simulated/${name}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The simulated cluster refused '${method} ${name}': ${text}`);
    return JSON.parse(text);
  }
}
