// A healthy real cluster in which much happens and nothing is wrong: rollouts, completed Jobs, scaling, single restarts. Ten
// minutes, no incident. It is the test of 90 s, made longer; DOGWATCH_TEST_KUBECONFIG names the cluster.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { soakMinutes } from './soak-minutes.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const child = spawn(
  process.execPath,
  [
    'node_modules/mocha/bin/mocha.js',
    '--no-config',
    '--enable-source-maps',
    '--grep',
    'opens no incident',
    'examples/homelab/dist-test/quiet.cluster.test.js',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      // Without a cluster the soak must fail, not pass by leaving itself out.
      CI: 'true',
      DOGWATCH_TEST_HEALTHY_MINUTES: String(soakMinutes(process.env, 10)),
    },
  },
);
const [code] = (await once(child, 'exit')) as [number | null];
process.exitCode = code ?? 1;
