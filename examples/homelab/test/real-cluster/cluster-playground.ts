import { randomInt } from 'node:crypto';
import { SystemClock } from '@dogwatch/core';
import type { JsonObject, JsonValue } from '@dogwatch/core';
import { ClusterClient, apiPath, connectCluster } from '@dogwatch/kubernetes';

/** A container state as the API server shows it. */
interface ContainerStatus {
  readonly restartCount: number;
  readonly state: { readonly waiting?: { readonly reason?: string } };
}

/** A pod as far as tests look. */
export interface RawPod {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly status: { readonly phase: string; readonly containerStatuses?: readonly ContainerStatus[] };
}

/** A Deployment as far as tests look. */
export interface RawDeployment {
  readonly metadata: { readonly uid: string; readonly resourceVersion: string; readonly generation: number };
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
      readonly spec: { readonly containers: readonly { readonly command: readonly string[] }[] };
    };
  };
  readonly status: { readonly updatedReplicas?: number; readonly availableReplicas?: number };
}

/** What a test Deployment runs. */
export interface Workload {
  readonly command: readonly string[];
  readonly memoryLimit?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly replicas?: number;
  /** Where a volume is mounted that outlives the container. */
  readonly stateVolume?: string;
}

/** Namespaces of one suite on a real cluster; their names begin with one prefix, by which the app under test is scoped. */
export class ClusterPlayground {
  readonly prefix = `dogwatch-e2e-${randomInt(1_000_000)}`;
  readonly client: ClusterClient;
  private readonly cleanups: (() => Promise<unknown>)[] = [];

  constructor(readonly kubeconfig: string) {
    const means = { name: null, source: 'kubeconfig', kubeconfig, context: null } as const;
    const { name, kubeConfig } = connectCluster(means, { isInPod: false });
    this.client = new ClusterClient(name, kubeConfig, new SystemClock());
  }

  /** What `aiops.watch.namespaces.include` takes. */
  get pattern(): string {
    return `${this.prefix}-*`;
  }

  async namespace(name: string): Promise<PlaygroundNamespace> {
    const namespace = new PlaygroundNamespace(this, `${this.prefix}-${name}`);
    await this.create(apiPath({ kind: 'Namespace' }), { metadata: { name: namespace.name } });
    return namespace;
  }

  /** Creates an object and remembers to delete it. */
  async create(path: string, body: JsonObject): Promise<JsonObject> {
    const made = await this.send('POST', path, body);
    const { name } = made['metadata'] as { name: string };
    this.cleanups.unshift(() => this.send('DELETE', `${path}/${name}`));
    return made;
  }

  send(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: JsonValue): Promise<JsonObject> {
    return this.client.json({
      action: `${method} ${path}`,
      method,
      path,
      ...(method === 'PATCH' ? { contentType: 'application/strategic-merge-patch+json' } : {}),
      ...(body === undefined ? {} : { body }),
    });
  }

  /** Deletes all that was created, without waiting until it is gone. */
  async cleanUp(): Promise<void> {
    for (const cleanup of this.cleanups.splice(0)) await cleanup();
  }
}

/** One namespace of a playground. */
export class PlaygroundNamespace {
  constructor(
    private readonly playground: ClusterPlayground,
    readonly name: string,
  ) {}

  async deploy(name: string, workload: Workload): Promise<void> {
    await this.playground.send('POST', apiPath({ kind: 'Deployment', namespace: this.name }), {
      metadata: { name, ...(workload.annotations ? { annotations: workload.annotations } : {}) },
      spec: {
        replicas: workload.replicas ?? 1,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: podSpec(workload) },
      },
    });
  }

  async runJob(name: string, command: readonly string[]): Promise<void> {
    await this.playground.send('POST', apiPath({ kind: 'Job', namespace: this.name }), {
      metadata: { name },
      spec: { template: { spec: { ...podSpec({ command }), restartPolicy: 'Never' } } },
    });
  }

  /** Rolls another command out. */
  async rollOut(name: string, command: readonly string[]): Promise<void> {
    await this.patchDeployment(name, {
      spec: { template: { spec: { containers: [{ name: 'main', command: [...command] }] } } },
    });
  }

  async patchDeployment(name: string, patch: JsonObject): Promise<void> {
    await this.playground.send('PATCH', this.pathOf(name), patch);
  }

  async deployment(name: string): Promise<RawDeployment> {
    return (await this.playground.send('GET', this.pathOf(name))) as unknown as RawDeployment;
  }

  async deploymentOrNull(name: string): Promise<RawDeployment | null> {
    const { items } = await this.list<{ metadata: { name: string } } & RawDeployment>('Deployment');
    return items.find((item) => item.metadata.name === name) ?? null;
  }

  async delete(name: string): Promise<void> {
    await this.playground.send('DELETE', this.pathOf(name), { propagationPolicy: 'Foreground' });
  }

  async command(name: string): Promise<string> {
    const { spec } = await this.deployment(name);
    return (spec.template.spec.containers[0]?.command ?? []).join(' ');
  }

  async isAvailable(name: string): Promise<boolean> {
    const { status } = await this.deployment(name);
    return (status.availableReplicas ?? 0) > 0;
  }

  async pods(app?: string): Promise<readonly RawPod[]> {
    const { items } = await this.list<RawPod>('Pod');
    return app === undefined ? items : items.filter((pod) => pod.metadata.labels['app'] === app);
  }

  /** The most restarts of any container of an app. */
  async restarts(app: string): Promise<number> {
    const pods = await this.pods(app);
    return Math.max(
      0,
      ...pods.flatMap((pod) => (pod.status.containerStatuses ?? []).map((status) => status.restartCount)),
    );
  }

  async replicaSets(app: string): Promise<number> {
    const { items } = await this.list<{ metadata: { labels: Record<string, string> } }>('ReplicaSet');
    return items.filter((item) => item.metadata.labels['app'] === app).length;
  }

  private async list<T>(kind: string): Promise<{ readonly items: readonly T[] }> {
    return (await this.playground.send('GET', apiPath({ kind, namespace: this.name }))) as unknown as { items: T[] };
  }

  private pathOf(name: string): string {
    return apiPath({ kind: 'Deployment', namespace: this.name, name });
  }
}

function podSpec({ command, memoryLimit, stateVolume }: Workload): JsonObject {
  return {
    ...(stateVolume === undefined ? {} : { volumes: [{ name: 'state', emptyDir: {} }] }),
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'main',
        image: 'busybox:1.36',
        imagePullPolicy: 'IfNotPresent',
        command: [...command],
        ...(memoryLimit === undefined ? {} : { resources: { limits: { memory: memoryLimit } } }),
        ...(stateVolume === undefined ? {} : { volumeMounts: [{ name: 'state', mountPath: stateVolume }] }),
      },
    ],
  };
}
