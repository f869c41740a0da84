import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ApprovalSummary, IncidentSummary, JsonObject, RunSummary } from '@dogwatch/core';

const appScript = fileURLToPath(new URL('../dist/app.js', import.meta.url));
const startTimeoutMs = 180_000;

/** One line of the app's JSON log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

/** How the app is started. */
export interface HomelabOptions {
  readonly dataFolder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** More flags for node, as `--import=<file>`. */
  readonly nodeFlags?: readonly string[];
}

/** An answer of the API. */
export interface ApiAnswer<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

/** One incident with its story, as far as tests look. */
export type IncidentDetail = IncidentSummary & {
  readonly timeline: readonly { readonly at: string; readonly type: string; readonly data: JsonObject }[];
  readonly runs: readonly RunSummary[];
  readonly approvals: readonly ApprovalSummary[];
};

/** Calls `read` until it answers something; fails with `what` after a time that is only there to end a hanging test. */
export async function until<T>(
  what: string,
  read: () => Promise<T | null | undefined | false>,
  { timeoutMs = 300_000, pauseMs = 100 }: { readonly timeoutMs?: number; readonly pauseMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await read();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`It did not come to this within ${timeoutMs / 1000} s: ${what}`);
    await sleep(pauseMs);
  }
}

/** The whole app as its user starts it: a process of its own. */
export class HomelabProcess {
  readonly lines: LogLine[] = [];
  stderr = '';
  private url: string | null = null;
  private token = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly dataFolder: string,
    private readonly givenToken: string | undefined,
  ) {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (text) => {
      if (!text.startsWith('{')) return;
      const line = JSON.parse(text) as LogLine;
      this.lines.push(line);
      if (line.event === 'ready') this.url = String(line['url']);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  /** Starts the app without waiting for it. */
  static launch({ dataFolder, env = {}, nodeFlags = [] }: HomelabOptions): HomelabProcess {
    const child = spawn(process.execPath, ['--enable-source-maps', ...nodeFlags, appScript], {
      env: {
        PATH: process.env['PATH'],
        DOGWATCH_PORT: '0',
        DOGWATCH_DATA: dataFolder,
        RATE_LIMIT_PER_MINUTE: '100000',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new HomelabProcess(child, dataFolder, env['DOGWATCH_TOKEN']);
  }

  /** Starts the app and waits until it is ready. */
  static async start(options: HomelabOptions): Promise<HomelabProcess> {
    const app = HomelabProcess.launch(options);
    await app.ready();
    return app;
  }

  async ready(): Promise<void> {
    await until(
      'the app is ready',
      () => {
        if (this.hasEnded)
          throw new Error(`The app ended with ${this.child.exitCode ?? this.child.signalCode}: ${this.stderr}`);
        return Promise.resolve(this.url !== null);
      },
      { timeoutMs: startTimeoutMs },
    );
    this.token = this.givenToken ?? (await readFile(path.join(this.dataFolder, 'token'), 'utf8')).trim();
  }

  get baseUrl(): string {
    if (this.url === null) throw new Error('The app is not ready.');
    return this.url;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Whether SIGKILL ended it. */
  get wasKilled(): boolean {
    return this.child.signalCode === 'SIGKILL';
  }

  /** Resolves to the exit code, `null` after a signal. */
  async exit(): Promise<number | null> {
    if (!this.hasEnded) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  /** SIGKILL: nothing can be done about it any more. */
  async kill(): Promise<void> {
    if (this.hasEnded) return;
    this.child.kill('SIGKILL');
    await this.exit();
  }

  /** SIGSTOP: it keeps its connections, and does nothing. */
  freeze(): void {
    if (!this.hasEnded) this.child.kill('SIGSTOP');
  }

  /** Lets it go on after `freeze`. */
  thaw(): void {
    if (!this.hasEnded) this.child.kill('SIGCONT');
  }

  /** SIGTERM, as a service manager stops it. */
  async stop(): Promise<number | null> {
    if (!this.hasEnded) this.child.kill('SIGTERM');
    return this.exit();
  }

  async call<T = JsonObject>(method: string, address: string, body?: unknown): Promise<ApiAnswer<T>> {
    const response = await fetch(`${this.baseUrl}${address}`, {
      method,
      headers: { authorization: `Bearer ${this.token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as T };
  }

  async get<T = JsonObject>(address: string): Promise<T> {
    return (await this.call<T>('GET', address)).body;
  }

  async incidents(status: 'open' | 'resolved' | 'all' = 'open'): Promise<readonly IncidentSummary[]> {
    return (await this.get<{ items: IncidentSummary[] }>(`/api/incidents?status=${status}&limit=500`)).items;
  }

  incident(id: string): Promise<IncidentDetail> {
    return this.get<IncidentDetail>(`/api/incidents/${id}`);
  }

  async approvals(status: 'pending' | 'all' = 'pending'): Promise<readonly ApprovalSummary[]> {
    return (await this.get<{ items: ApprovalSummary[] }>(`/api/approvals?status=${status}&limit=500`)).items;
  }

  decide(approval: ApprovalSummary, decision: 'approve' | 'reject'): Promise<ApiAnswer<ApprovalSummary>> {
    const confirm = approval.requiresConfirm ? { confirm: approval.target.name } : {};
    return this.call('POST', `/api/approvals/${approval.id}/decision`, { decision, ...confirm });
  }

  /** What the chat answers, as one text. */
  async say(text: string): Promise<string> {
    const answer = await this.call<{ replies: { text: string }[] }>('POST', '/api/messages', { text });
    return answer.body.replies.map((reply) => reply.text).join('\n');
  }
}
