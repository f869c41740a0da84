import { DaemonSetController } from './daemon-set-controller.js';
import { DeploymentController } from './deployment-controller.js';
import { EventRecorder } from './event-recorder.js';
import { FaultBook } from './fault-book.js';
import { GarbageCollector } from './garbage-collector.js';
import { JobController } from './job-controller.js';
import { formatTime, type KubeManifest, type KubeObject } from './kube-object.js';
import { nodeManifest, setNodeReady } from './node-condition.js';
import { ObjectCreation } from './object-creation.js';
import { ObjectDeletion } from './object-deletion.js';
import { ObjectStore } from './object-store.js';
import { ObjectUpdate } from './object-update.js';
import { PodFactory } from './pod-factory.js';
import { PodLifecycle } from './pod-lifecycle.js';
import { PodScheduler } from './pod-scheduler.js';
import { refreshPodStatus } from './pod-status.js';
import { ReplicaSetController } from './replica-set-controller.js';
import { findResourceTypeOfKind, namespaces, nodes, pods, type ResourceType } from './resource-type.js';
import { SimulationClock, type SimulationTimers } from './simulation-clock.js';
import { StatefulSetController } from './stateful-set-controller.js';
import { WatchHistory } from './watch-history.js';
import { asController, type WriteOptions } from './write-options.js';
import { setCondition, type Node, type Pod } from './workload-objects.js';

/** What a simulation needs to know before it starts. */
export interface SimulationSettings {
  readonly timers: SimulationTimers;
  readonly speed: number;
  readonly maxHistory: number;
}

const asOperator: WriteOptions = { ...asController, fieldManager: 'simulated-cluster' };

/** The cluster without its HTTP face: the objects, the API server's rules and the controllers. */
export class Simulation {
  readonly clock: SimulationClock;
  readonly store = new ObjectStore();
  readonly history: WatchHistory;
  readonly faults = new FaultBook();
  readonly creation: ObjectCreation;
  readonly update: ObjectUpdate;
  readonly deletion: ObjectDeletion;
  readonly #events: EventRecorder;
  readonly #parts: readonly { resume(): void }[];

  constructor(settings: SimulationSettings) {
    const { store, faults } = this;
    const clock = (this.clock = new SimulationClock(settings.timers, settings.speed));
    this.history = new WatchHistory(store, settings.maxHistory);
    this.creation = new ObjectCreation(store, clock);
    this.update = new ObjectUpdate(store, clock);
    this.deletion = new ObjectDeletion(store, clock);
    const events = (this.#events = new EventRecorder(store, clock));
    const factory = new PodFactory(this.creation, this.deletion, events);
    this.#parts = [
      new PodScheduler(store, events, clock),
      new PodLifecycle(store, faults, events, clock),
      new ReplicaSetController(store, factory, clock),
      new DeploymentController(store, this.creation, events, clock),
      new StatefulSetController(store, factory, clock),
      new DaemonSetController(store, factory, clock),
      new JobController(store, factory, events, clock),
      new GarbageCollector(store, this.deletion, clock),
    ];
  }

  /** Makes the namespaces and nodes of an empty cluster. */
  furnish(nodeNames: readonly string[]): void {
    for (const name of ['default', 'kube-system'])
      this.creation.create(namespaces, undefined, { metadata: { name } }, asOperator);
    for (const name of nodeNames)
      this.creation.create(nodes, undefined, nodeManifest(name, this.clock.now()), asOperator);
  }

  /** Lets the controllers take up a saved world. */
  resume(): void {
    this.history.compact();
    for (const part of this.#parts) part.resume();
  }

  /** Creates an object or replaces it, status included; makes the namespace when it is missing. */
  apply(manifest: KubeManifest): KubeObject {
    const resource = typeOf(manifest);
    const { name = '', namespace = resource.namespaced ? 'default' : undefined } = manifest.metadata;
    if (namespace !== undefined && !this.store.get(namespaces, { name: namespace })) {
      this.creation.create(namespaces, undefined, { metadata: { name: namespace } }, asOperator);
    }
    const key = { namespace, name };
    const existing = this.store.get(resource, key);
    const applied = existing
      ? this.update.replace(resource, key, manifest, asOperator)
      : this.creation.create(resource, namespace, manifest, asOperator);
    if (manifest['status'] === undefined) return applied;
    const withStatus = this.store.change(resource, applied.metadata, (draft) => {
      draft.status = structuredClone(manifest['status']) as object;
    });
    return withStatus ?? applied;
  }

  /** Takes a node's kubelet away (its pods turn unready and nothing happens to them) or brings it back. */
  setNodeReady(name: string, isReady: boolean): void {
    const nowMs = this.clock.now();
    const node = this.store.change(nodes, { name }, (draft) => setNodeReady(draft as Node, isReady, nowMs));
    if (!node) throw new Error(`The simulated cluster has no node '${name}'.`);
    const reason = isReady ? 'NodeReady' : 'NodeNotReady';
    const message = `Node ${name} status is now: ${reason}`;
    this.#events.record(node, { type: 'Normal', reason, message, component: 'node-controller' });
    for (const pod of this.store.list(pods) as Pod[]) {
      if (pod.spec.nodeName !== name || pod.status.phase !== 'Running') continue;
      this.store.change(pods, pod.metadata, (draft) => {
        const { status } = draft as Pod;
        if (isReady) return refreshPodStatus(draft as Pod, nowMs);
        const condition = { type: 'Ready', status: 'False', lastProbeTime: null };
        setCondition((status.conditions ??= []), condition, formatTime(nowMs));
      });
    }
  }

  stop(): void {
    this.clock.stop();
  }
}

/** Finds the type of a manifest, or says which kinds the cluster knows nothing of. */
export function typeOf({ apiVersion, kind }: Pick<KubeManifest, 'apiVersion' | 'kind'>): ResourceType {
  const resource = findResourceTypeOfKind(apiVersion, kind);
  if (!resource) throw new Error(`The simulated cluster does not serve the kind '${kind}' of '${apiVersion}'.`);
  return resource;
}
