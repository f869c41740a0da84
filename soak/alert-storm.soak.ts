// A storm of alerts through a real Alertmanager, in the midst of which PostgreSQL is killed and stays away for a minute: every
// alert becomes an incident, every one that is over meanwhile is resolved. It is the test of 15 s, made longer.
import { runSuite } from './run-suite.js';
import { soakMinutes } from './soak-minutes.js';

await runSuite({
  file: 'examples/homelab/dist-test/replicas/alert-storm.integration.test.js',
  env: { DOGWATCH_TEST_OUTAGE_SECONDS: String(soakMinutes(process.env, 1) * 60) },
});
