import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { needsProgram } from '@dogwatch/testkit';
import { until } from './homelab-process.js';

const appScript = fileURLToPath(new URL('../dist/app.js', import.meta.url));

/** The demo as a newcomer meets it: on a terminal of its own, with nothing set. */
class DemoOnTerminal {
  private text = '';
  private readonly child;

  constructor(script: string, dataFolder: string) {
    const command = `"${process.execPath}" "${appScript}"`;
    this.child = spawn(script, ['--quiet', '--return', '--command', command, '/dev/null'], {
      env: { PATH: process.env['PATH'], TERM: 'xterm', DOGWATCH_PORT: '0', DOGWATCH_DATA: dataFolder },
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.text += text));
  }

  /** What the screen has shown so far, without colours and movements. */
  get screen(): string {
    return stripVTControlCharacters(this.text);
  }

  type(line: string): void {
    this.child.stdin.write(`${line}\r`);
  }

  async shows(pattern: RegExp): Promise<RegExpMatchArray> {
    try {
      return await until(`the terminal shows ${pattern}`, () => Promise.resolve(this.screen.match(pattern)));
    } catch (error) {
      throw new Error(`It shows:\n${this.screen.slice(-4_000)}`, { cause: error });
    }
  }

  /** Ctrl-C, as whoever has seen enough does it. */
  async leave(): Promise<number | null> {
    this.child.stdin.write('\u0003');
    if (this.child.exitCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  end(): void {
    this.child.kill('SIGKILL');
  }
}

describe('the demo on a terminal', function () {
  this.timeout(300_000);
  needsProgram({ name: 'script', install: 'sudo apt-get install bsdutils' }, process, (script) => {
    it('shows an incident, asks with a diff, and does what is typed', async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'dogwatch-terminal-'));
      const demo = new DemoOnTerminal(script, folder);
      try {
        await demo.shows(/http:\/\/127\.0\.0\.1:\d+/);
        await demo.shows(/CrashLoopBackOff|keeps crashing|crash/i);
        const [, approve] = await demo.shows(/Type: (approve [2-9a-z]{6})/);
        await demo.shows(/│ \+.*restartedAt/);
        demo.type('/status');
        await demo.shows(/Waiting for approval: 1/);
        demo.type(approve as string);
        await demo.shows(/Approved [2-9a-z]{6}: Restart Deployment shop\/cart/);
        await demo.shows(/Done: Restart Deployment shop\/cart/);
        assert.equal(await demo.leave(), 0);
      } finally {
        demo.end();
        await rm(folder, { recursive: true, force: true });
      }
    });
  });
});
