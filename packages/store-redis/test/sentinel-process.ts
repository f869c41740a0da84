import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { freePort, type RedisServer } from '@dogwatch/testkit';
import { Redis } from 'ioredis';

/** One sentinel of a test's own, which alone may call a master dead. */
export class SentinelProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly port: number,
  ) {}

  /** Starts it over a master that it calls `main`. */
  static async start(program: string, master: RedisServer): Promise<SentinelProcess> {
    const folder = mkdtempSync(path.join(tmpdir(), 'dogwatch-sentinel-'));
    const port = await freePort();
    const file = path.join(folder, 'sentinel.conf');
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor main 127.0.0.1 ${master.port} 1`,
      'sentinel down-after-milliseconds main 500',
      'sentinel failover-timeout main 2000',
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, file, '--sentinel'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`The sentinel ended with ${code}.`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.includes('+monitor master main')) resolve();
      });
    });
    return new SentinelProcess(child, folder, port);
  }

  /** Whether it would think of this server when the master dies. */
  async knows(successor: RedisServer): Promise<boolean> {
    const client = new Redis(this.port, '127.0.0.1');
    try {
      return JSON.stringify(await client.call('SENTINEL', 'REPLICAS', 'main')).includes(`:${successor.port}"`);
    } finally {
      client.disconnect();
    }
  }

  async close(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
