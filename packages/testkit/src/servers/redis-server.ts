import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.js';

const startTries = 20;

/** How to start a server. */
export interface RedisServerOptions {
  /** True: every write is in the append-only file before it is answered. False, as Redis comes: a restart forgets. */
  readonly isDurable?: boolean;
  /** More settings as in redis.conf: `{ 'cluster-enabled': 'yes' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * A Redis server of a test's own, in a temporary folder, on a free port of 127.0.0.1. It ends with the process that started
 * it, however that ends.
 */
export class RedisServer {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    readonly port: number,
    private readonly options: RedisServerOptions,
  ) {}

  /** Makes a new, empty server and starts it; `program` is the path of `redis-server`, as `needsRedis` gives it. */
  static async start(program: string, options: RedisServerOptions = {}): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), 'dogwatch-redis-'));
    const server = new RedisServer(program, folder, await freePort(), options);
    await server.restart();
    return server;
  }

  /** Address of database 0. */
  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again on the same port and folder; does nothing while it runs. */
  async restart(): Promise<void> {
    if (this.child !== null) return;
    for (let tries = 1; ; tries++) {
      try {
        return await this.launch();
      } catch (error) {
        // The port of a killed server is free only in a moment.
        if (tries === startTries) throw error;
        await delay(50);
      }
    }
  }

  /** Sends one command beside the connections under test: `command('FLUSHALL')`; answers the raw reply. */
  async command(...words: readonly string[]): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    const request = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('');
    socket.write(`*${words.length}\r\n${request}`);
    try {
      const [reply] = (await once(socket, 'data')) as [Buffer];
      const text = reply.toString('utf8').trimEnd();
      if (text.startsWith('-')) throw new Error(`Redis refused ${words.join(' ')}: ${text}`);
      return text;
    } finally {
      socket.destroy();
    }
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Ends it at once, as a power failure would. */
  async kill9(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Freezes it: it neither answers nor refuses. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  /** Lets a frozen server go on. */
  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** Ends it and removes its folder. */
  async close(): Promise<void> {
    await this.kill9();
    // A killed server's child may still write a file of its own for a moment.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  private async launch(): Promise<void> {
    const settings: Record<string, string> = {
      port: String(this.port),
      bind: '127.0.0.1',
      dir: this.folder,
      save: '',
      appendonly: this.options.isDurable === true ? 'yes' : 'no',
      appendfsync: 'always',
      ...this.options.settings,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', this.program, ...flags], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const lines: string[] = [];
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${lines.join('\n')}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (lines.length < 50) lines.push(line);
        if (line.includes('Ready to accept connections')) resolve();
      });
    });
    this.child = child;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === null) return;
    this.child = null;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}
