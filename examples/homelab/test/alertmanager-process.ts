import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from './homelab-process.js';

/** The real Alertmanager, as Debian installs it. */
export const alertmanagerNeed = {
  name: 'prometheus-alertmanager',
  install: 'sudo apt-get install --no-install-recommends prometheus-alertmanager',
};

/** Where an Alertmanager sends what it groups. */
export interface AlertmanagerOptions {
  readonly program: string;
  /** Each gets every group; more than one, and an app behind a dead address is no loss. */
  readonly webhookUrl: string;
  readonly secret: string;
  /** A whole configuration instead of one with short waits. */
  readonly config?: string;
}

/** A port of 127.0.0.1 that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

// Alerts come in groups of one name; short waits keep tests short, and what fails is sent again with growing pauses.
function configOf({ webhookUrl, secret }: AlertmanagerOptions): string {
  return `
route:
  receiver: dogwatch
  group_by: [alertname]
  group_wait: 1s
  group_interval: 2s
  repeat_interval: 1m
receivers:
  - name: dogwatch
    webhook_configs:
      - url: ${webhookUrl}
        send_resolved: true
        http_config: { authorization: { credentials: ${secret} } }
`;
}

/** An Alertmanager of a test's own, on a free port, with its data in a temporary folder. */
export class AlertmanagerProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(options: AlertmanagerOptions): Promise<AlertmanagerProcess> {
    const folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-alertmanager-'));
    const port = await freePort();
    const config = path.join(folder, 'alertmanager.yml');
    await writeFile(config, options.config ?? configOf(options));
    const child = spawn(
      options.program,
      [
        `--config.file=${config}`,
        `--storage.path=${path.join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    );
    const alertmanager = new AlertmanagerProcess(child, folder, port);
    await until('Alertmanager is ready', () => alertmanager.isReady());
    return alertmanager;
  }

  /** Fires alerts, as Prometheus does. */
  async fire(alerts: readonly Readonly<Record<string, string>>[]): Promise<void> {
    await this.post(alerts.map((labels) => ({ labels, annotations: { summary: `${labels['alertname']} is high` } })));
  }

  /** Tells that alerts are over. */
  async resolve(alerts: readonly Readonly<Record<string, string>>[]): Promise<void> {
    const endsAt = new Date().toISOString();
    await this.post(alerts.map((labels) => ({ labels, endsAt })));
  }

  async remove(): Promise<void> {
    this.child.kill('SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    await rm(this.folder, { recursive: true, force: true });
  }

  private async post(body: unknown): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`Alertmanager answered ${response.status}: ${await response.text()}`);
  }

  private async isReady(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.port}/-/ready`)).ok;
    } catch {
      // It does not listen yet.
      return false;
    }
  }
}
