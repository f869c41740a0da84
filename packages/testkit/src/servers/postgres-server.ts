import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';
import { dropPrivileges, type Command } from './server-account.js';

const run = promisify(execFile);
const user = 'dogwatch';
const restartTries = 100;

/** How to start a server. */
export interface PostgresServerOptions {
  /** Settings as in postgresql.conf: `{ max_connections: '50' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What its user must show, by SCRAM; absent: nothing. */
  readonly password?: string;
  /** Its certificate and key, as files; absent: it offers no TLS. */
  readonly tls?: ServerTls;
}

/** How a server speaks TLS. */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
  /** Whether it lets nobody in who comes without. */
  readonly isRequired?: boolean;
}

/**
 * A PostgreSQL server of a test's own, in a temporary folder, on a free port of 127.0.0.1, with durable commits. It ends
 * with the process that started it, however that ends.
 */
export class PostgresServer {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly binFolder: string,
    private readonly folder: string,
    readonly port: number,
    private readonly options: PostgresServerOptions,
  ) {}

  /** Makes a new, empty server and starts it; `program` is the path of `postgres`, as `needsPostgres` gives it. */
  static async start(program: string, options: PostgresServerOptions = {}): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'dogwatch-postgres-'));
    const server = new PostgresServer(dirname(program), folder, await freePort(), options);
    server.give(folder);
    await server.initialize();
    await server.restart();
    return server;
  }

  /** Address of the first, empty database. */
  get url(): string {
    return this.urlOf('postgres');
  }

  /** Makes one more database, empty or a copy of the one at `template`, to which nothing may be connected; answers its address. */
  async createDatabase(template?: string): Promise<string> {
    const name = `test_${randomBytes(6).toString('hex')}`;
    const source = template === undefined ? '' : ` TEMPLATE ${new URL(template).pathname.slice(1)}`;
    await this.query(`CREATE DATABASE ${name}${source}`);
    return this.urlOf(name);
  }

  /** Runs SQL as the superuser, beside the connections under test; answers the rows as unaligned text. */
  async query(sql: string, url = this.url): Promise<string> {
    return this.exec('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', sql]);
  }

  /** Starts it again on the same port and folder; does nothing while it runs. */
  async restart(): Promise<void> {
    if (this.child !== null) return;
    for (let tries = 1; ; tries++) {
      try {
        return await this.launch();
      } catch (error) {
        // What a killed server left behind ends by itself in a moment.
        if (tries === restartTries) throw error;
        await delay(50);
      }
    }
  }

  /** Ends it in order, but without waiting for its clients. */
  async stop(): Promise<void> {
    await this.end((pid) => signal(pid, 'SIGINT'));
  }

  /** Ends every one of its processes at once, as a power failure would. */
  async kill9(): Promise<void> {
    await this.end((pid) => {
      const children = childrenOf(pid);
      for (const one of [pid, ...children]) signal(one, 'SIGKILL');
    });
  }

  /** Freezes every one of its processes: it neither answers nor refuses. */
  freeze(): void {
    const pid = this.child?.pid;
    if (pid !== undefined) for (const one of [pid, ...childrenOf(pid)]) signal(one, 'SIGSTOP');
  }

  /** Lets it go on after `freeze`. */
  thaw(): void {
    const pid = this.child?.pid;
    if (pid !== undefined) for (const one of [...childrenOf(pid), pid]) signal(one, 'SIGCONT');
  }

  /** Ends it and removes its folder. */
  async remove(): Promise<void> {
    await this.kill9();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get dataFolder(): string {
    return join(this.folder, 'data');
  }

  private urlOf(database: string): string {
    const { password } = this.options;
    return `postgres://${user}${password === undefined ? '' : `:${password}`}@127.0.0.1:${this.port}/${database}`;
  }

  private async initialize(): Promise<void> {
    const { password, tls } = this.options;
    const passwordFile = join(this.folder, 'password');
    if (password !== undefined) this.write(passwordFile, password);
    const method = password === undefined ? 'trust' : 'scram-sha-256';
    const flags = ['-U', user, '-A', method, ...(password === undefined ? [] : [`--pwfile=${passwordFile}`])];
    await this.exec('initdb', ['-D', this.dataFolder, ...flags, '-E', 'UTF8', '--no-locale', '-N']);
    if (tls === undefined) return;
    for (const name of ['cert', 'key'] as const) {
      copyFileSync(tls[name], this.tlsFile(name));
      // It refuses a key that others can read.
      chmodSync(this.tlsFile(name), 0o600);
      this.give(this.tlsFile(name));
    }
    const kind = tls.isRequired === true ? 'hostssl' : 'host';
    this.write(join(this.dataFolder, 'pg_hba.conf'), `${kind} all all 127.0.0.1/32 ${method}\n`);
  }

  private write(file: string, text: string): void {
    writeFileSync(file, text, { mode: 0o600 });
    this.give(file);
  }

  /** Makes a file its own: where root starts it, it runs as somebody else. */
  private give(file: string): void {
    const { account } = dropPrivileges({ file: '', args: [] }, 'postgres');
    if (account !== null) chownSync(file, account.uid, account.gid);
  }

  private tlsFile(name: 'cert' | 'key'): string {
    return join(this.folder, `server.${name}`);
  }

  private get tlsSettings(): Readonly<Record<string, string>> {
    if (this.options.tls === undefined) return {};
    return { ssl: 'on', ssl_cert_file: this.tlsFile('cert'), ssl_key_file: this.tlsFile('key') };
  }

  private async exec(program: string, args: readonly string[]): Promise<string> {
    const command = this.command(program, args);
    const { stdout } = await run(command.file, [...command.args], { cwd: this.folder });
    return stdout.trim();
  }

  private command(program: string, args: readonly string[]): Command {
    // psql looks for certificates at home, and must not at somebody else's.
    const all = [`HOME=${this.folder}`, join(this.binFolder, program), ...args];
    return dropPrivileges({ file: 'env', args: all }, 'postgres').command;
  }

  private async launch(): Promise<void> {
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: this.folder,
      fsync: 'on',
      ...this.tlsSettings,
      ...this.options.settings,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const args = ['-D', this.dataFolder, '-p', String(this.port), ...flags];
    const { file, args: all } = this.command('postgres', args);
    const child = spawn(file, [...all], { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const lines: string[] = [];
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`postgres ended with ${code}: ${lines.join('\n')}`)));
      createInterface({ input: child.stderr }).on('line', (line) => {
        if (lines.length < 50) lines.push(line);
        if (line.includes('ready to accept connections')) resolve();
      });
    });
    this.child = child;
  }

  private async end(act: (pid: number) => void): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined) return;
    this.child = null;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    act(child.pid);
    await exited;
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It ended by itself in the meantime.
    if ((error as { code?: unknown }).code !== 'ESRCH') throw error;
  }
}
