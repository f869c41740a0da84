// A healthy real cluster in which much happens and nothing is wrong: rollouts, completed Jobs, scaling, single restarts. Ten
// minutes, no incident. It is the test of 90 s, made longer; DOGWATCH_TEST_KUBECONFIG names the cluster.
import { runSuite } from './run-suite.js';
import { soakMinutes } from './soak-minutes.js';

await runSuite({
  file: 'examples/homelab/dist-test/quiet.cluster.test.js',
  grep: 'opens no incident',
  env: { DOGWATCH_TEST_HEALTHY_MINUTES: String(soakMinutes(process.env, 10)) },
});
