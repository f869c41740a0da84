import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { leaveOut } from './leave-out.js';
import { globalTest, type DefineTest, type TestProcess } from './test-process.js';

/** A program that a suite starts. */
export interface ProgramNeed {
  /** As typed in a shell: `chromium`. */
  readonly name: string;
  /** The one line that installs it: `sudo apt-get install chromium`. */
  readonly install: string;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Looks a program up in PATH; null when it is not installed. */
export function findProgram(name: string, searchPath = ''): string | null {
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.join(folder, name)).find(isExecutable) ?? null;
}

/**
 * Defines a suite that needs a program of the machine: `define` is called with the program's path, or the suite is left
 * out aloud with the line that installs it. With `CI=true` a missing program is a failing test.
 */
export function needsProgram(
  need: ProgramNeed,
  testProcess: TestProcess,
  define: (file: string) => void,
  it: DefineTest = globalTest(),
): void {
  // Debian keeps servers and daemons out of an ordinary user's PATH
  const file = findProgram(need.name, `${testProcess.env['PATH'] ?? ''}${path.delimiter}/usr/sbin`);
  if (file !== null) return define(file);
  const reason = `'${need.name}' is not installed. Install it with: ${need.install}`;
  leaveOut({ what: need.name, reason }, testProcess, it);
}
