import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { until } from './homelab-process.js';

const appScript = fileURLToPath(new URL('../dist/app.js', import.meta.url));

/** The app as a person has it in front of them: on a terminal of its own. */
export class AppOnTerminal {
  private text = '';
  private readonly child;

  /** `script` is the program that makes the terminal. */
  constructor(script: string, dataFolder: string, env: Readonly<Record<string, string>> = {}) {
    const command = `"${process.execPath}" "${appScript}"`;
    this.child = spawn(script, ['--quiet', '--return', '--command', command, '/dev/null'], {
      env: { PATH: process.env['PATH'], TERM: 'xterm', DOGWATCH_PORT: '0', DOGWATCH_DATA: dataFolder, ...env },
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
