import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { leaveOut } from './leave-out.js';
import { globalTest, type DefineTest, type TestProcess } from './test-process.js';

const variable = 'DOGWATCH_TEST_CLUSTER_CONTROL';
const runFile = promisify(execFile);

/** Stops and starts parts of the real cluster: `stop kubelet-2`, `pause apiserver`. Rejects when the program fails. */
export type ClusterControl = (action: 'stop' | 'start' | 'pause' | 'resume', part: string) => Promise<void>;

/**
 * Defines a suite that stops parts of the real cluster: `define` is called with what runs the program that
 * `DOGWATCH_TEST_CLUSTER_CONTROL` names (`<program> stop|start|pause|resume <part>`), or the suite is left out aloud. A
 * program that does not exist is a failing test, and so is, with `CI=true`, a variable that is not set. Put such a suite
 * in an `*.outage.test.ts`: those run after all others.
 */
export function needsClusterControl(
  testProcess: TestProcess,
  define: (control: ClusterControl) => void,
  it: DefineTest = globalTest(),
): void {
  const program = testProcess.env[variable] ?? '';
  if (program === '') {
    const reason = `No program that stops parts of the real cluster. Name one in ${variable}.`;
    leaveOut({ what: 'control of the real cluster', reason }, testProcess, it);
  } else if (existsSync(program)) {
    define(async (action, part) => void (await runFile(program, [action, part])));
  } else {
    it(`finds the program that ${variable} names`, () => {
      throw new Error(`${variable} names '${program}', which does not exist. Correct the path or unset it.`);
    });
  }
}
