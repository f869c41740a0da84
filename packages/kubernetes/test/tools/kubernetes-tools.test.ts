import { SimulatedCluster } from '@dogwatch/testkit';
import { deploymentToolCases } from './deployment-tool-cases.js';
import { openWorld } from './deployment-world.js';

describe('the Kubernetes tools on a simulated cluster', () => {
  let cluster: SimulatedCluster;
  before(async () => (cluster = await SimulatedCluster.start({ speed: 20 })));
  after(() => cluster.close());
  let worlds = 0;

  deploymentToolCases(() => openWorld(cluster.kubeconfig(), `shop-${worlds++}`));
});
