import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A test suite that is run longer or harder than `npm test` does. */
export interface SuiteRun {
  /** The built file. */
  readonly file: string;
  /** Which of its tests; all of them when absent. */
  readonly grep?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a suite in a process of its own and ends as it ends. */
export async function runSuite({ file, grep, env }: SuiteRun): Promise<void> {
  const flags = ['--no-config', '--enable-source-maps', ...(grep === undefined ? [] : ['--grep', grep])];
  const child = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', ...flags, file], {
    cwd: root,
    stdio: 'inherit',
    // Without what it needs a soak must fail, not pass by leaving itself out.
    env: { ...process.env, CI: 'true', ...env },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}
