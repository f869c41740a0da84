import { needsRealCluster } from '@dogwatch/testkit';
import { ClusterPlayground } from './real-cluster/cluster-playground.js';
import { concurrentTests } from './real-cluster/concurrent-tests.js';
import { crashLoopScenarios } from './real-cluster/crash-loop-scenarios.js';
import { HomelabOnCluster } from './real-cluster/homelab-on-cluster.js';
import { rollbackScenarios } from './real-cluster/rollback-scenarios.js';
import { targetScenarios } from './real-cluster/target-scenarios.js';

describe('fixing what breaks on a real cluster', function () {
  this.timeout(300_000);
  needsRealCluster(process, (kubeconfig) => {
    const playground = new ClusterPlayground(kubeconfig);
    let homelab: HomelabOnCluster;

    before(async () => {
      homelab = await HomelabOnCluster.start({ kubeconfig, namespaces: playground.pattern });
    });

    after(async () => {
      await homelab.end();
      await playground.cleanUp();
    });

    const stage = { playground, homelab: () => homelab };
    concurrentTests({ ...crashLoopScenarios(stage), ...rollbackScenarios(stage), ...targetScenarios(stage) });
  });
});
