import { canonicalText, hashText } from './generated-name.js';
import type { KubeObject } from './kube-object.js';
import type { ObjectStore } from './object-store.js';
import { OwnerQueue } from './owner-queue.js';
import type { PodFactory } from './pod-factory.js';
import { daemonSets, nodes } from './resource-type.js';
import type { SimulationClock } from './simulation-clock.js';
import { isPodActive, isPodReady, type Pod, type PodTemplate } from './workload-objects.js';

interface DaemonSet extends KubeObject {
  spec: { template: PodTemplate };
}

const COMPONENT = 'daemonset-controller';
const HASH = 'controller-revision-hash';

/** Runs DaemonSets: one pod on each node, updated one at a time. */
export class DaemonSetController {
  readonly #queue: OwnerQueue;

  constructor(
    private readonly store: ObjectStore,
    private readonly factory: PodFactory,
    clock: SimulationClock,
  ) {
    this.#queue = new OwnerQueue(store, daemonSets, clock, (set, owned) => this.#reconcile(set as DaemonSet, owned));
    store.onChange(({ resource, type }) => {
      if (resource === nodes && type !== 'MODIFIED') this.#queue.addAll();
    });
  }

  resume(): void {
    this.#queue.addAll();
  }

  #reconcile(set: DaemonSet, owned: readonly Pod[]): void {
    const hash = hashText(canonicalText(set.spec.template));
    const active = owned.filter(isPodActive);
    const names = this.store.list(nodes).map(({ metadata }) => metadata.name);
    for (const nodeName of names) {
      if (owned.some(({ spec }) => spec.nodeName === nodeName)) continue;
      this.factory.create(set, COMPONENT, { template: set.spec.template, nodeName, labels: { [HASH]: hash } });
    }
    for (const pod of active) if (!names.includes(pod.spec.nodeName ?? '')) this.factory.delete(set, COMPONENT, pod);
    const outdated = active.filter(({ metadata }) => metadata.labels?.[HASH] !== hash);
    const updated = active.length - outdated.length;
    const isSettled =
      active.length === names.length && active.every((pod) => isPodReady(pod) || outdated.includes(pod));
    const [next] = outdated;
    if (next && isSettled) this.factory.delete(set, COMPONENT, next);
    this.#report(set, {
      desired: names.length,
      scheduled: active.length,
      ready: active.filter(isPodReady).length,
      updated,
    });
  }

  #report(set: DaemonSet, seen: { desired: number; scheduled: number; ready: number; updated: number }): void {
    const missing = seen.desired - seen.ready;
    this.store.change(daemonSets, set.metadata, (draft) => {
      draft.status = {
        observedGeneration: set.metadata.generation,
        currentNumberScheduled: seen.scheduled,
        desiredNumberScheduled: seen.desired,
        numberMisscheduled: 0,
        numberReady: seen.ready,
        ...(seen.ready === 0 ? {} : { numberAvailable: seen.ready }),
        ...(missing === 0 ? {} : { numberUnavailable: missing }),
        ...(seen.updated === 0 ? {} : { updatedNumberScheduled: seen.updated }),
      };
    });
  }
}
