import type { EventRecorder } from './event-recorder.js';
import { formatTime } from './kube-object.js';
import { isNodeReady, isNodeSchedulable } from './node-condition.js';
import type { ObjectStore } from './object-store.js';
import { nodes, pods } from './resource-type.js';
import type { SimulationClock } from './simulation-clock.js';
import { WorkQueue } from './work-queue.js';
import { setCondition, type Node, type Pod } from './workload-objects.js';

function cpuMillis(quantity: string | undefined): number {
  if (quantity === undefined) return 0;
  return quantity.endsWith('m') ? Number(quantity.slice(0, -1)) : Number(quantity) * 1000;
}

/** Why a node cannot take a pod; `null` when it can. Of resources, one pod's CPU request alone is compared. */
function refusal(pod: Pod, node: Node): string | null {
  if (!isNodeReady(node)) return 'node(s) had untolerated taint {node.kubernetes.io/unreachable: }';
  if (!isNodeSchedulable(node)) return 'node(s) were unschedulable';
  const labels = node.metadata.labels ?? {};
  const selected = Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
  if (!selected) return "node(s) didn't match Pod's node affinity/selector";
  const wanted = pod.spec.containers.reduce((sum, { resources }) => sum + cpuMillis(resources?.requests?.['cpu']), 0);
  return wanted > cpuMillis(node.status.allocatable?.['cpu']) ? 'Insufficient cpu' : null;
}

/** Plays the scheduler: binds each pod to the fitting node with the fewest pods, or says why it cannot. */
export class PodScheduler {
  readonly #queue: WorkQueue;
  readonly #counts = new Map<string, number>();
  readonly #pending = new Set<string>();

  constructor(
    private readonly store: ObjectStore,
    private readonly events: EventRecorder,
    private readonly clock: SimulationClock,
  ) {
    this.#queue = new WorkQueue(clock, (key) => this.#schedule(key));
    store.onChange(({ type, resource, object, previous }) => {
      if (resource === pods) this.#onPod(type === 'DELETED' ? null : (object as Pod), previous as Pod | null);
      else if (resource === nodes) for (const key of this.#pending) this.#queue.add(key);
    });
  }

  /** Takes in the pods of a saved world. */
  resume(): void {
    for (const pod of this.store.list(pods)) this.#onPod(pod as Pod, null);
  }

  #onPod(current: Pod | null, previous: Pod | null): void {
    const [was, is] = [previous?.spec.nodeName, current?.spec.nodeName];
    if (was !== is) {
      if (was !== undefined) this.#counts.set(was, (this.#counts.get(was) ?? 1) - 1);
      if (is !== undefined) this.#counts.set(is, (this.#counts.get(is) ?? 0) + 1);
    }
    if (current && is === undefined && !previous)
      this.#queue.add(`${current.metadata.namespace}/${current.metadata.name}`);
  }

  #schedule(key: string): void {
    this.#pending.delete(key);
    const [namespace, name = ''] = key.split('/');
    const pod = this.store.get(pods, { namespace, name }) as Pod | undefined;
    if (!pod || pod.spec.nodeName !== undefined) return;
    const candidates = this.store.list(nodes) as Node[];
    const fitting = candidates.filter((node) => refusal(pod, node) === null);
    const loadOf = (node: Node): number => this.#counts.get(node.metadata.name) ?? 0;
    const [best] = fitting.sort((left, right) => loadOf(left) - loadOf(right));
    if (best) return this.#bind(pod, best.metadata.name);
    this.#pending.add(key);
    this.#refuse(pod, candidates);
  }

  #bind(pod: Pod, nodeName: string): void {
    this.store.change(pods, pod.metadata, (draft) => {
      (draft as Pod).spec.nodeName = nodeName;
      const condition = { type: 'PodScheduled', status: 'True', lastProbeTime: null };
      setCondition(((draft as Pod).status.conditions ??= []), condition, formatTime(this.clock.now()));
    });
    const message = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${nodeName}`;
    this.events.record(pod, { type: 'Normal', reason: 'Scheduled', message, component: 'default-scheduler' });
  }

  #refuse(pod: Pod, candidates: readonly Node[]): void {
    const counts = new Map<string, number>();
    for (const node of candidates) {
      const why = refusal(pod, node) ?? '';
      counts.set(why, (counts.get(why) ?? 0) + 1);
    }
    const reasons = [...counts].map(([why, count]) => `${count} ${why}`).join(', ');
    const message = `0/${candidates.length} nodes are available: ${reasons}. preemption: 0/${candidates.length} nodes are available: ${candidates.length} Preemption is not helpful for scheduling.`;
    this.store.change(pods, pod.metadata, (draft) => {
      const condition = {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message,
        lastProbeTime: null,
      };
      setCondition(((draft as Pod).status.conditions ??= []), condition, formatTime(this.clock.now()));
    });
    this.events.record(pod, { type: 'Warning', reason: 'FailedScheduling', message, component: 'default-scheduler' });
  }
}
