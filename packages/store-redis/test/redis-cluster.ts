import { freePort, RedisServer } from '@dogwatch/testkit';
import { until } from './redis-fixture.js';

const slots = 16_384;

/** A cluster of three masters of a test's own. */
export class RedisCluster {
  private constructor(readonly nodes: readonly RedisServer[]) {}

  static async start(program: string): Promise<RedisCluster> {
    const nodes: RedisServer[] = [];
    const busPorts: number[] = [];
    for (let index = 0; index < 3; index++) {
      const busPort = await freePort();
      const settings = { 'cluster-enabled': 'yes', 'cluster-port': String(busPort) };
      busPorts.push(busPort);
      nodes.push(await RedisServer.start(program, { settings }));
    }
    const [first] = nodes as [RedisServer];
    for (const [index, node] of nodes.entries()) {
      const from = Math.ceil((slots * index) / nodes.length);
      const to = Math.ceil((slots * (index + 1)) / nodes.length) - 1;
      await node.command('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
      if (index > 0) {
        await first.command('CLUSTER', 'MEET', '127.0.0.1', String(node.port), String(busPorts[index]));
      }
    }
    for (const node of nodes) {
      const isWell = async (): Promise<boolean> => {
        const info = await node.command('CLUSTER', 'INFO');
        return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
      };
      await until(isWell, 'the cluster is well');
    }
    return new RedisCluster(nodes);
  }

  /** Names one node; the client finds the others. */
  get url(): string {
    return `redis+cluster://127.0.0.1:${this.nodes[0]?.port ?? 0}`;
  }

  async close(): Promise<void> {
    for (const node of this.nodes) await node.close();
  }
}
