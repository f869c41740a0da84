import type { ClusterClients } from '@dogwatch/kubernetes';
import { SimulatedCluster } from '@dogwatch/testkit';
import type { ContractHarness, ToolSubject } from '@dogwatch/testkit';
import { openWorld } from './deployment-world.js';
import type { DeploymentWorld } from './deployment-world.js';

type SubjectParts = Pick<ToolSubject, 'tool' | 'input' | 'invalidInputs'>;

const opened = new WeakMap<ToolSubject, { cluster: SimulatedCluster; world: DeploymentWorld }>();

type Edit = (world: DeploymentWorld) => Promise<void>;

const editTemplate: Edit = (world) => world.patch({ spec: { template: { metadata: { labels: { edited: 'yes' } } } } });

function toolWorld(world: DeploymentWorld, edit: Edit): ToolSubject['world'] {
  let moves = 0;
  return {
    move: () => world.patch({ metadata: { annotations: { 'example.com/moved': String(++moves) } } }),
    edit: () => edit(world),
    remove: () => world.remove(),
    recreate: () => world.recreate(),
    snapshot: () => world.snapshot(),
  };
}

/** A fresh simulated cluster for each case, with a Deployment whose newest rollout crashes. */
export function toolHarness(
  capabilities: readonly string[],
  make: (clients: ClusterClients, world: DeploymentWorld) => Promise<SubjectParts> | SubjectParts,
  edit: Edit = editTemplate,
): ContractHarness<ToolSubject> {
  return {
    capabilities,
    async create() {
      const cluster = await SimulatedCluster.start({ speed: 20 });
      const world = await openWorld(cluster.kubeconfig(), 'shop');
      await world.rollOut(['sh', '-c', 'exit 1'], 2);
      const subject = { ...(await make(world.clients, world)), world: toolWorld(world, edit) };
      opened.set(subject, { cluster, world });
      return subject;
    },
    async destroy(subject) {
      await opened.get(subject)?.cluster.close();
    },
  };
}
