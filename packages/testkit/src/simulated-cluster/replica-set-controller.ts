import { controllerOf, formatTime } from './kube-object.js';
import type { ObjectStore } from './object-store.js';
import { sortForDeletion, type PodFactory } from './pod-factory.js';
import { pods, replicaSets } from './resource-type.js';
import type { SimulationClock } from './simulation-clock.js';
import { WorkQueue } from './work-queue.js';
import { isPodActive, isPodReady, setCondition, type Pod, type ReplicaSet } from './workload-objects.js';

const COMPONENT = 'replicaset-controller';
const RETRY_MS = 5000;

/** Keeps as many pods as each ReplicaSet wants, and counts them in its status. */
export class ReplicaSetController {
  readonly #queue: WorkQueue;
  readonly #readySince = new Map<string, number>();

  constructor(
    private readonly store: ObjectStore,
    private readonly factory: PodFactory,
    private readonly clock: SimulationClock,
  ) {
    this.#queue = new WorkQueue(clock, (key) => this.#reconcile(key));
    store.onChange(({ type, resource, object }) => {
      if (resource === replicaSets && type !== 'DELETED')
        this.#enqueue(object.metadata.namespace, object.metadata.name);
      if (resource === pods) this.#onPod(object as Pod, type === 'DELETED');
    });
  }

  resume(): void {
    for (const { metadata } of this.store.list(replicaSets)) this.#enqueue(metadata.namespace, metadata.name);
  }

  #enqueue(namespace: string | undefined, name: string): void {
    this.#queue.add(`${namespace}/${name}`);
  }

  #onPod(pod: Pod, isGone: boolean): void {
    const { uid, namespace } = pod.metadata;
    if (isGone || !isPodReady(pod)) this.#readySince.delete(uid);
    else if (!this.#readySince.has(uid)) this.#readySince.set(uid, this.clock.now());
    const owner = controllerOf(pod);
    if (owner?.kind === 'ReplicaSet') this.#enqueue(namespace, owner.name);
  }

  #reconcile(key: string): void {
    const [namespace, name = ''] = key.split('/');
    const set = this.store.get(replicaSets, { namespace, name }) as ReplicaSet | undefined;
    if (!set || set.metadata.deletionTimestamp !== undefined) return;
    const owned = this.store.dependentsOf(set.metadata.uid, pods).map(({ object }) => object as Pod);
    const active = owned.filter(isPodActive);
    const failure = this.#scale(set, active);
    // The pods just created or deleted queue this key again, so the status is counted on what was seen.
    this.#report(set, active, failure);
  }

  #scale(set: ReplicaSet, active: readonly Pod[]): string | null {
    const missing = set.spec.replicas - active.length;
    for (let index = 0; index < missing; index += 1) {
      const failure = this.factory.create(set, COMPONENT, { template: set.spec.template });
      if (failure === null) continue;
      this.clock.after(RETRY_MS, () => this.#enqueue(set.metadata.namespace, set.metadata.name));
      return failure;
    }
    for (const pod of sortForDeletion(active).slice(0, Math.max(0, -missing))) this.factory.delete(set, COMPONENT, pod);
    return null;
  }

  #report(set: ReplicaSet, active: readonly Pod[], failure: string | null): void {
    const ready = active.filter(isPodReady);
    const available = ready.filter((pod) => this.#isAvailable(set, pod));
    const counts = {
      fullyLabeledReplicas: active.length,
      readyReplicas: ready.length,
      availableReplicas: available.length,
    };
    this.store.change(replicaSets, set.metadata, (draft) => {
      const conditions = [...((draft as ReplicaSet).status.conditions ?? [])].filter(
        ({ type }) => type !== 'ReplicaFailure',
      );
      if (failure !== null) {
        const condition = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: failure };
        const before = (draft as ReplicaSet).status.conditions?.filter(({ type }) => type === 'ReplicaFailure') ?? [];
        setCondition(before, condition, formatTime(this.clock.now()));
        conditions.push(...before);
      }
      draft.status = {
        replicas: active.length,
        ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
        observedGeneration: set.metadata.generation,
        ...(conditions.length === 0 ? {} : { conditions }),
      };
    });
  }

  #isAvailable(set: ReplicaSet, pod: Pod): boolean {
    const neededMs = (set.spec.minReadySeconds ?? 0) * 1000;
    if (neededMs === 0) return true;
    const since = this.#readySince.get(pod.metadata.uid) ?? this.clock.now();
    this.#readySince.set(pod.metadata.uid, since);
    const missingMs = neededMs - this.clock.elapsedSince(since);
    if (missingMs <= 0) return true;
    this.clock.after(missingMs, () => this.#enqueue(set.metadata.namespace, set.metadata.name));
    return false;
  }
}
