import type { ClusterObject, ClusterObjectKind, ResourceReference } from '@dogwatch/core';
import { ClusterClient, WatchedCluster, type WatchedClusterView } from '@dogwatch/kubernetes';
import { ManualClock, RecordingLogger, RecordingMetrics, type ClusterWorld } from '@dogwatch/testkit';
import { FakeCluster } from './fake-cluster.js';
import { untrim } from './untrim.js';
import { until } from './until.js';

/** A watched cluster over real HTTP to a fake API server, in manual time. */
export class WatchedWorld implements ClusterWorld {
  readonly clock = new ManualClock();
  readonly logger = new RecordingLogger();
  readonly metrics = new RecordingMetrics();
  readonly cluster: WatchedCluster;
  private readonly broken = new Set<ClusterObjectKind>();
  private hasStarted = false;

  private constructor(readonly fake: FakeCluster) {
    const client = new ClusterClient('test', fake.server.kubeConfig, this.clock);
    const { clock, logger, metrics } = this;
    this.cluster = new WatchedCluster({ client, clock, logger, metrics, random: () => 0.5 });
  }

  static async create(): Promise<WatchedWorld> {
    return new WatchedWorld(await FakeCluster.start());
  }

  async destroy(): Promise<void> {
    await this.cluster.stop();
    await this.fake.stop();
  }

  get view(): WatchedClusterView {
    return this.cluster.view;
  }

  // The cases take the functions out of the world: each must know its own.
  readonly start = async (): Promise<void> => {
    this.hasStarted = true;
    this.cluster.start();
    await this.until(() => this.view.watchStates().every(({ state }) => state === 'live' || state === 'forbidden'));
  };

  readonly put = async (...objects: readonly ClusterObject[]): Promise<void> => {
    for (const object of objects) this.fake.put(untrim(object));
    await this.settle(objects);
  };

  readonly remove = async (...objects: readonly ClusterObject[]): Promise<void> => {
    for (const object of objects) this.fake.remove(untrim(object));
    await this.settle(objects);
  };

  readonly putExternal = async (
    object: ResourceReference,
    namespace: string,
    controller: ResourceReference | null,
  ): Promise<void> => {
    const ownerReferences = controller ? [{ ...controller, controller: true }] : [];
    this.fake.put({
      kind: object.kind,
      metadata: { name: object.name, namespace, uid: object.uid, ownerReferences },
    });
  };

  readonly breakWatch = async (kind: ClusterObjectKind): Promise<void> => {
    this.broken.add(kind);
    this.fake.misbehave(kind, 'failing');
    this.fake.dropWatches(kind);
    await this.until(() => !this.view.isComplete(kind));
    this.fake.compact();
  };

  readonly healWatch = async (kind: ClusterObjectKind): Promise<void> => {
    this.broken.delete(kind);
    this.fake.misbehave(kind, null);
    await this.until(() => this.view.isComplete(kind));
  };

  readonly forbid = async (kind: ClusterObjectKind): Promise<void> => {
    this.fake.misbehave(kind, 'forbidden');
  };

  until(holds: () => boolean): Promise<void> {
    return until(holds, this.clock, `never came true; states: ${JSON.stringify(this.view.watchStates())}`);
  }

  private async settle(objects: readonly ClusterObject[]): Promise<void> {
    if (!this.hasStarted) return;
    for (const { kind, namespace, name } of objects) {
      if (this.broken.has(kind)) continue;
      const version = this.fake.versionOf(kind, namespace, name);
      await this.until(() => (this.view.get(kind, namespace, name)?.resourceVersion ?? null) === version);
    }
  }
}
