import type { DefineTest, TestProcess } from './test-process.js';

const leftOut = new WeakMap<TestProcess, Map<string, number>>();

function announceAtExit(testProcess: TestProcess, line: string): void {
  let lines = leftOut.get(testProcess);
  if (lines === undefined) {
    const counted = new Map<string, number>();
    leftOut.set(testProcess, counted);
    testProcess.once('exit', () => {
      for (const [text, count] of counted) {
        testProcess.stderr.write(`LEFT OUT: ${count === 1 ? 'a suite' : `${count} suites`}. ${text}\n`);
      }
    });
    lines = counted;
  }
  lines.set(line, (lines.get(line) ?? 0) + 1);
}

/**
 * Leaves a suite out because the machine lacks something: said aloud when the run ends, and with `CI=true` a failing
 * test, since there nothing may be missing.
 */
export function leaveOut(need: { what: string; reason: string }, testProcess: TestProcess, it: DefineTest): void {
  announceAtExit(testProcess, need.reason);
  if (testProcess.env['CI'] !== 'true') return;
  it(`has ${need.what}, because CI leaves nothing out`, () => {
    throw new Error(need.reason);
  });
}
