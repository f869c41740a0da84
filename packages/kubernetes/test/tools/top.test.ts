import assert from 'node:assert/strict';
import { ScaleDeployment, TopNodes, TopPods } from '@dogwatch/kubernetes';
import { SimulatedCluster } from '@dogwatch/testkit';
import { openWorld } from './deployment-world.js';
import type { DeploymentWorld } from './deployment-world.js';
import { metricsClients } from './metrics-clients.js';

describe('what a cluster measures', () => {
  let cluster: SimulatedCluster;
  let world: DeploymentWorld;
  before(async () => {
    cluster = await SimulatedCluster.start({ speed: 20 });
    world = await openWorld(cluster.kubeconfig(), 'shop');
  });
  after(() => cluster.close());

  it('is, for pods, summed over the containers of a pod, most first, in one unit each', async () => {
    const tool = new TopPods(metricsClients(world.clients));
    const byCpu = await tool.execute({ namespace: 'shop' }, world);
    assert.deepEqual(byCpu, {
      pods: [
        { namespace: 'shop', name: 'busy', cpuMillicores: 250, memoryBytes: 1_000_000 },
        { namespace: 'shop', name: 'idle', cpuMillicores: 3, memoryBytes: 4_194_304 },
        { namespace: 'shop', name: 'ended', cpuMillicores: 0, memoryBytes: 0 },
      ],
      total: 3,
      isCut: false,
    });
    const byMemory = await tool.execute({ namespace: 'shop', sort: 'memory', limit: 1 }, world);
    assert.deepEqual([(byMemory as { pods: { name: string }[] }).pods[0]?.name, byMemory], ['idle', byMemory]);
  });

  it('is, for nodes, told in percent where the size of the node is known', async () => {
    const output = await new TopNodes(metricsClients(world.clients)).execute({}, world);
    const { nodes } = output as unknown as { nodes: { name: string; cpuPercent: number | null }[] };
    assert.deepEqual(
      nodes.map(({ name }) => name),
      ['node-unknown', 'node-1'],
    );
    assert.equal(nodes[0]?.cpuPercent, null);
    assert.equal(typeof nodes[1]?.cpuPercent, 'number');
  });

  it('is an honest answer where the cluster measures nothing', async () => {
    await assert.rejects(new TopPods(world.clients).execute({}, world), /has no metrics API.*Install metrics-server/);
    await assert.rejects(new TopNodes(world.clients).execute({}, world), /has no metrics API/);
  });

  it('goes with a warning before replicas are set that an autoscaler keeps', async () => {
    const tool = new ScaleDeployment(metricsClients(world.clients));
    const input = { ...world.input, replicas: 5 };
    const target = await tool.readTarget(input, world);
    assert.ok(target !== null);
    const { text } = await tool.preview(input, world.context(target.live));
    assert.match(text, /^# HorizontalPodAutoscaler 'web-hpa' keeps this between 2 and 10 replicas/);
    assert.match(text, /^\+ {2}replicas: 5$/m);
  });
});
