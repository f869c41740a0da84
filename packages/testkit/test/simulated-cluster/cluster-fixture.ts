import { SimulatedCluster, type KubeManifest, type SimulatedClusterOptions } from '@dogwatch/testkit';

/** An answer of the simulated API server, parsed. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { metadata: Record<string, unknown>; items: Record<string, unknown>[] };
  readonly text: string;
}

/** Talks plain HTTP to a cluster, as any client would. */
export class Caller {
  constructor(private readonly cluster: SimulatedCluster) {}

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.cluster.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.cluster.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    return { status: response.status, body: (isJson ? JSON.parse(text) : {}) as Answer['body'], text };
  }

  patch(path: string, kind: 'merge' | 'json' | 'strategic-merge', body: unknown): Promise<Answer> {
    return this.call('PATCH', path, body, { 'content-type': `application/${kind}-patch+json` });
  }
}

/** Starts clusters that are fast and closes them after the test. */
export class ClusterFixture {
  readonly #open: SimulatedCluster[] = [];

  async start(options: SimulatedClusterOptions = {}): Promise<{ cluster: SimulatedCluster; caller: Caller }> {
    const cluster = await SimulatedCluster.start({ speed: 200, ...options });
    this.#open.push(cluster);
    return { cluster, caller: new Caller(cluster) };
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((cluster) => cluster.close()));
  }
}

/** A Deployment whose single container runs the given shell script; without one it runs for ever. */
export function deploymentManifest(
  name: string,
  options: { script?: string; replicas?: number; image?: string } = {},
): KubeManifest {
  const { script, replicas = 1, image = 'busybox:1.36' } = options;
  const command = script === undefined ? {} : { command: ['sh', '-c', script] };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'shop', name, labels: { app: name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image, ...command }] } },
    },
  };
}

/** Names a Deployment of the namespace `shop`. */
export function deploymentNamed(name: string): { apiVersion: string; kind: string; namespace: string; name: string } {
  return { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name };
}

/** A ConfigMap of the namespace `default`. */
export function configMap(
  name: string,
  data: Record<string, string> = {},
  labels: Record<string, string> = {},
): KubeManifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name, labels }, data };
}
