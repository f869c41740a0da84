import { randomInt } from 'node:crypto';
import { needsRealCluster } from '@dogwatch/testkit';
import { deploymentToolCases } from './deployment-tool-cases.js';
import { openWorld } from './deployment-world.js';

describe('the Kubernetes tools on a real cluster', function () {
  this.timeout(180_000);
  needsRealCluster(process, (kubeconfig) => {
    deploymentToolCases(() => openWorld(kubeconfig, `dogwatch-tools-${randomInt(1_000_000)}`));
  });
});
