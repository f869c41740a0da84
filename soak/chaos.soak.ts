// Three replicas on one PostgreSQL and one Redis, with hundreds of approvals and thousands of alerts, while replicas are killed
// and frozen, both servers are killed, and the API server is cut off: nothing lost, nothing twice. DOGWATCH_TEST_SEED repeats
// the one that it names.
import { runSuite } from './run-suite.js';
import { soakMinutes } from './soak-minutes.js';

await runSuite({
  file: 'examples/homelab/dist-test/replicas/chaos.integration.test.js',
  env: { DOGWATCH_TEST_CHAOS: 'long', DOGWATCH_TEST_CHAOS_MINUTES: String(soakMinutes(process.env, 2.5)) },
});
