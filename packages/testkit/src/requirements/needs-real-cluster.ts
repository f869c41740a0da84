import { existsSync } from 'node:fs';
import { leaveOut } from './leave-out.js';
import { globalTest, type DefineTest, type TestProcess } from './test-process.js';

const variable = 'DOGWATCH_TEST_KUBECONFIG';

/**
 * Defines a suite that needs a real Kubernetes cluster: `define` is called with the path of the kubeconfig that
 * `DOGWATCH_TEST_KUBECONFIG` names, or the suite is left out aloud. A file that does not exist is a failing test, and so
 * is, with `CI=true`, a variable that is not set. Put such a suite in a `*.cluster.test.ts`: those run last.
 */
export function needsRealCluster(
  testProcess: TestProcess,
  define: (kubeconfig: string) => void,
  it: DefineTest = globalTest(),
): void {
  const kubeconfig = testProcess.env[variable] ?? '';
  if (kubeconfig === '') {
    const reason = `No real cluster. Run them with: ${variable}=~/.kube/config npm test`;
    leaveOut({ what: 'a real cluster', reason }, testProcess, it);
  } else if (existsSync(kubeconfig)) {
    define(kubeconfig);
  } else {
    it(`finds the kubeconfig that ${variable} names`, () => {
      throw new Error(`${variable} names '${kubeconfig}', which does not exist. Correct the path or unset it.`);
    });
  }
}
