import { needsProgram } from '../requirements/needs-program.js';
import type { TestProcess } from '../requirements/test-process.js';

/** Defines a suite that starts Redis servers: `define` gets the path of `redis-server`; left out aloud where there is none. */
export function needsRedis(testProcess: TestProcess, define: (program: string) => void): void {
  needsProgram({ name: 'redis-server', install: 'sudo apt-get install redis-server' }, testProcess, define);
}
