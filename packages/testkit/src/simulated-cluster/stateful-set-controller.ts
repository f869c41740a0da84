import { hashText, canonicalText } from './generated-name.js';
import type { KubeObject } from './kube-object.js';
import type { ObjectStore } from './object-store.js';
import { OwnerQueue } from './owner-queue.js';
import type { PodFactory } from './pod-factory.js';
import { statefulSets } from './resource-type.js';
import type { SimulationClock } from './simulation-clock.js';
import { isPodReady, type Pod, type PodTemplate } from './workload-objects.js';

interface StatefulSet extends KubeObject {
  spec: { replicas: number; podManagementPolicy?: string; template: PodTemplate };
}

const COMPONENT = 'statefulset-controller';
const HASH = 'controller-revision-hash';

function ordinalOf(set: StatefulSet, pod: Pod): number {
  return Number(pod.metadata.name.slice(set.metadata.name.length + 1));
}

/** Runs StatefulSets: pods with stable names, one after the other, updated from the highest ordinal down. */
export class StatefulSetController {
  readonly #queue: OwnerQueue;

  constructor(
    private readonly store: ObjectStore,
    private readonly factory: PodFactory,
    clock: SimulationClock,
  ) {
    this.#queue = new OwnerQueue(store, statefulSets, clock, (set, owned) =>
      this.#reconcile(set as StatefulSet, owned),
    );
  }

  resume(): void {
    this.#queue.addAll();
  }

  #reconcile(set: StatefulSet, owned: readonly Pod[]): void {
    const revision = `${set.metadata.name}-${hashText(canonicalText(set.spec.template))}`;
    this.#step(set, owned, revision);
    const current = owned.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const ready = current.filter(isPodReady).length;
    const updated = current.filter(({ metadata }) => metadata.labels?.[HASH] === revision).length;
    this.store.change(statefulSets, set.metadata, (draft) => {
      draft.status = {
        observedGeneration: set.metadata.generation,
        replicas: current.length,
        ...(ready === 0 ? {} : { readyReplicas: ready }),
        availableReplicas: ready,
        ...(updated === 0 ? {} : { currentReplicas: updated, updatedReplicas: updated }),
        currentRevision: revision,
        updateRevision: revision,
        collisionCount: 0,
      };
    });
  }

  #step(set: StatefulSet, owned: readonly Pod[], revision: string): void {
    const byOrdinal = new Map(owned.map((pod) => [ordinalOf(set, pod), pod]));
    const isOrdered = set.spec.podManagementPolicy !== 'Parallel';
    for (let ordinal = 0; ordinal < set.spec.replicas; ordinal += 1) {
      const pod = byOrdinal.get(ordinal);
      if (!pod) this.#create(set, ordinal, revision);
      if (isOrdered && (!pod || !isPodReady(pod) || pod.metadata.deletionTimestamp !== undefined)) return;
    }
    const descending = [...byOrdinal].sort(([left], [right]) => right - left).map(([, pod]) => pod);
    const doomed = descending.find(
      (pod) => ordinalOf(set, pod) >= set.spec.replicas || pod.metadata.labels?.[HASH] !== revision,
    );
    if (doomed && descending.every(({ metadata }) => metadata.deletionTimestamp === undefined)) {
      this.factory.delete(set, COMPONENT, doomed);
    }
  }

  #create(set: StatefulSet, ordinal: number, revision: string): void {
    const name = `${set.metadata.name}-${ordinal}`;
    const identity = { 'statefulset.kubernetes.io/pod-name': name, 'apps.kubernetes.io/pod-index': String(ordinal) };
    this.factory.create(set, COMPONENT, {
      template: set.spec.template,
      name,
      labels: { ...identity, [HASH]: revision },
    });
  }
}
