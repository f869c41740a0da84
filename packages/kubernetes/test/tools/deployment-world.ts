import { setTimeout as sleep } from 'node:timers/promises';
import { SystemClock } from '@dogwatch/core';
import type { EffectContext, JsonObject, LiveObject } from '@dogwatch/core';
import { apiPath, ClusterClient, connectCluster } from '@dogwatch/kubernetes';
import type { ClusterClients } from '@dogwatch/kubernetes';

interface Workload {
  readonly metadata: {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly command?: readonly string[] }[] } };
  };
}

/** A namespace of its own on some cluster, with a Deployment in it. */
export class DeploymentWorld {
  readonly signal = AbortSignal.timeout(120_000);
  readonly input: JsonObject;

  constructor(
    private readonly client: ClusterClient,
    readonly namespace: string,
  ) {
    this.input = { namespace, name: 'web' };
  }

  get clients(): ClusterClients {
    return { list: () => [this.client], get: () => this.client, connect: () => undefined };
  }

  async open(): Promise<void> {
    await this.send('POST', apiPath({ kind: 'Namespace' }), { metadata: { name: this.namespace } });
    await this.createDeployment();
  }

  async createDeployment(): Promise<void> {
    const labels = { app: 'web' };
    await this.send('POST', apiPath({ kind: 'Deployment', namespace: this.namespace }), {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            terminationGracePeriodSeconds: 0,
            containers: [
              { name: 'web', image: 'busybox:1.36', imagePullPolicy: 'IfNotPresent', command: ['sleep', '3600'] },
            ],
          },
        },
      },
    });
    await this.untilRevision(1);
  }

  /** Creates another object in the namespace. */
  create(kind: string, object: JsonObject): Promise<void> {
    return this.send('POST', apiPath({ kind, namespace: this.namespace }), object);
  }

  /** Rolls out another command and waits for the new revision. */
  async rollOut(command: readonly string[], revision: number): Promise<void> {
    await this.patch({ spec: { template: { spec: { containers: [{ name: 'web', command: [...command] }] } } } });
    await this.untilRevision(revision);
  }

  async patch(body: JsonObject): Promise<void> {
    await this.client.json(
      {
        action: 'patch the test Deployment',
        method: 'PATCH',
        path: this.path,
        contentType: 'application/strategic-merge-patch+json',
        body,
      },
      this.signal,
    );
  }

  read(): Promise<Workload> {
    return this.client.json<Workload>({ action: 'read the test Deployment', path: this.path }, this.signal);
  }

  async command(): Promise<readonly string[] | undefined> {
    return (await this.read()).spec.template.spec.containers[0]?.command;
  }

  /** The newest revision with its command, as the controller has really made it. */
  async replicaSets(): Promise<number> {
    const list = await this.client.json<{ items: readonly unknown[] }>(
      { action: 'list the ReplicaSets', path: apiPath({ kind: 'ReplicaSet', namespace: this.namespace }) },
      this.signal,
    );
    return list.items.length;
  }

  /** What a write could change, without what the cluster itself keeps changing. */
  async snapshot(): Promise<JsonObject> {
    try {
      const { metadata, spec } = await this.read();
      return { uid: metadata.uid, annotations: metadata.annotations ?? {}, spec: spec as unknown as JsonObject };
    } catch {
      // There is none: that is a state too.
      return {};
    }
  }

  async remove(): Promise<void> {
    await this.send('DELETE', this.path, { propagationPolicy: 'Foreground' });
    for (;;) {
      const isGone = await this.read().then(
        () => false,
        () => true,
      );
      if (isGone) return;
      await sleep(100);
    }
  }

  async recreate(): Promise<void> {
    await this.remove();
    await this.createDeployment();
  }

  async destroy(): Promise<void> {
    await this.send('DELETE', apiPath({ kind: 'Namespace', name: this.namespace }));
  }

  context(live: LiveObject, runId = 'runaaa'): EffectContext {
    return { live, runId, runAt: '2026-01-02T03:04:05Z', signal: this.signal };
  }

  async untilRevision(revision: number): Promise<void> {
    for (;;) {
      const deployment = await this.read();
      if (deployment.metadata.annotations?.['deployment.kubernetes.io/revision'] === String(revision)) return;
      await sleep(100);
    }
  }

  private get path(): string {
    return apiPath({ kind: 'Deployment', namespace: this.namespace, name: 'web' });
  }

  private async send(method: 'POST' | 'DELETE', path: string, body?: JsonObject): Promise<void> {
    await this.client.json(
      { action: `${method} ${path}`, method, path, ...(body === undefined ? {} : { body }) },
      this.signal,
    );
  }
}

/** Opens a fresh namespace on the cluster of a kubeconfig: a file's path, or that of a simulated cluster. */
export async function openWorld(kubeconfig: string | object, namespace: string): Promise<DeploymentWorld> {
  const { name, kubeConfig } =
    typeof kubeconfig === 'string'
      ? connectCluster({ name: null, source: 'kubeconfig', kubeconfig, context: null }, { isInPod: false })
      : connectCluster(
          { name: null, source: 'simulated', kubeconfig: null, context: null },
          { isInPod: false, simulatedKubeconfig: kubeconfig },
        );
  const world = new DeploymentWorld(new ClusterClient(name, kubeConfig, new SystemClock()), namespace);
  await world.open();
  return world;
}
