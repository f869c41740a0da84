import { readdirSync } from 'node:fs';
import path from 'node:path';
import { needsProgram } from '../requirements/needs-program.js';
import { globalTest, type DefineTest, type TestProcess } from '../requirements/test-process.js';

const debianFolder = '/usr/lib/postgresql';

function debianFolders(): readonly string[] {
  try {
    const versions = readdirSync(debianFolder).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => path.join(debianFolder, version, 'bin'));
  } catch {
    return [];
  }
}

/** Defines a suite that starts PostgreSQL servers: `define` gets the path of `postgres`; left out aloud where there is none. */
export function needsPostgres(
  testProcess: TestProcess,
  define: (program: string) => void,
  it: DefineTest = globalTest(),
): void {
  // Debian keeps the server, of which there may be several versions, out of everybody's PATH.
  const folders = [...debianFolders(), testProcess.env['PATH'] ?? ''].join(path.delimiter);
  const widened: TestProcess = {
    env: { ...testProcess.env, PATH: folders },
    stderr: testProcess.stderr,
    once: (event, listener) => testProcess.once(event, listener),
  };
  needsProgram({ name: 'postgres', install: 'sudo apt-get install postgresql' }, widened, define, it);
}
