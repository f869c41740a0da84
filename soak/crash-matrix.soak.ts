// The full crash matrix: the app is killed with SIGKILL before and after every durable write and every write to the API
// server, with SQLite, PostgreSQL, PostgreSQL and Redis, and on both of the latter with a process for each role. It is the test of
// ordinary runs, which tries every 15th append, and leaves the column of PostgreSQL with a process for each role out.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const child = spawn(
  process.execPath,
  [
    'node_modules/mocha/bin/mocha.js',
    '--no-config',
    '--enable-source-maps',
    'examples/homelab/dist-test/crash-matrix/crash-matrix.integration.test.js',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    // Without a PostgreSQL or Redis the soak must fail, not pass by leaving columns out.
    env: { ...process.env, CI: 'true', DOGWATCH_TEST_CRASH_STRIDE: '1' },
  },
);
const [code] = (await once(child, 'exit')) as [number | null];
process.exitCode = code ?? 1;
