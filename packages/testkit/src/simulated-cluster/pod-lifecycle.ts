import { nextTransition, type ContainerTransition } from './container-transition.js';
import type { EventRecorder } from './event-recorder.js';
import type { FaultBook } from './fault-book.js';
import { formatTime } from './kube-object.js';
import type { ObjectStore } from './object-store.js';
import { refreshPodStatus } from './pod-status.js';
import { nodes, pods } from './resource-type.js';
import type { SimulationClock } from './simulation-clock.js';
import { WorkQueue } from './work-queue.js';
import { isNodeReady } from './node-condition.js';
import type { ContainerSpec, ContainerStatus, Node, Pod } from './workload-objects.js';

/** A container that ran this long begins its back-off anew. */
const BACK_OFF_RESET_MS = 600_000;
const TERMINATION_MS = 300;

interface ContainerMemory {
  stateKey: string;
  sinceMs: number;
  crashes: number;
  pullAttempts: number;
}

interface PodMemory {
  readonly containers: Map<string, ContainerMemory>;
  cancel: (() => void) | null;
  isBeingKilled: boolean;
}

interface DueTransition {
  readonly container: ContainerSpec;
  readonly transition: ContainerTransition;
  readonly remainingMs: number;
}

function stateSince(status: ContainerStatus): number {
  const { running, terminated } = status.state;
  const text = running?.startedAt ?? terminated?.finishedAt ?? status.lastState.terminated?.finishedAt;
  return text === undefined ? NaN : Date.parse(text);
}

/** Plays the kubelets: starts, readies, crashes, restarts and ends the containers of scheduled pods. */
export class PodLifecycle {
  readonly #memories = new Map<string, PodMemory>();
  readonly #queue: WorkQueue;
  #lastAddress = 0;
  #isResuming = false;

  constructor(
    private readonly store: ObjectStore,
    private readonly faults: FaultBook,
    private readonly events: EventRecorder,
    private readonly clock: SimulationClock,
  ) {
    this.#queue = new WorkQueue(clock, (key) => this.#reconcile(key));
    store.onChange(({ type, resource, object }) => {
      if (resource === pods) {
        if (type === 'DELETED') this.#forget(object.metadata.uid);
        else this.#enqueue(object as Pod);
      } else if (resource === nodes) this.#enqueueNode(object.metadata.name);
    });
    faults.onChange(() => this.#enqueueAll());
  }

  /** Goes on with the pods of a saved world from the times written in their statuses. */
  resume(): void {
    this.#isResuming = true;
    for (const pod of this.store.list(pods)) this.#reconcile(`${pod.metadata.namespace}/${pod.metadata.name}`);
    this.#isResuming = false;
  }

  #enqueue(pod: Pod): void {
    if (pod.spec.nodeName !== undefined) this.#queue.add(`${pod.metadata.namespace}/${pod.metadata.name}`);
  }

  #enqueueAll(): void {
    for (const pod of this.store.list(pods)) this.#enqueue(pod as Pod);
  }

  #enqueueNode(name: string): void {
    for (const pod of this.store.list(pods)) if ((pod as Pod).spec.nodeName === name) this.#enqueue(pod as Pod);
  }

  #forget(uid: string): void {
    this.#memories.get(uid)?.cancel?.();
    this.#memories.delete(uid);
  }

  #memoryOf(pod: Pod): PodMemory {
    let memory = this.#memories.get(pod.metadata.uid);
    if (!memory) {
      memory = { containers: new Map(), cancel: null, isBeingKilled: false };
      this.#memories.set(pod.metadata.uid, memory);
    }
    return memory;
  }

  #reconcile(key: string): void {
    const [namespace, name = ''] = key.split('/');
    const pod = this.store.get(pods, { namespace, name }) as Pod | undefined;
    if (pod?.spec.nodeName === undefined) return;
    const memory = this.#memoryOf(pod);
    if (pod.metadata.deletionTimestamp !== undefined) return this.#kill(pod, memory);
    memory.cancel?.();
    memory.cancel = null;
    const node = this.store.get(nodes, { name: pod.spec.nodeName }) as Node | undefined;
    if (!node || !isNodeReady(node) || pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') return;
    if (!pod.status.containerStatuses) return this.#admit(pod);
    this.#refresh(pod);
    const due = this.#soonest(pod, memory);
    if (due) memory.cancel = this.clock.after(due.remainingMs, () => this.#apply(pod, due, memory));
  }

  #kill(pod: Pod, memory: PodMemory): void {
    if (memory.isBeingKilled) return;
    memory.isBeingKilled = true;
    memory.cancel?.();
    for (const container of pod.spec.containers) {
      const message = `Stopping container ${container.name}`;
      const occurrence = { type: 'Normal', reason: 'Killing', message, container: container.name } as const;
      this.events.record(pod, { ...occurrence, component: 'kubelet', host: pod.spec.nodeName });
    }
    const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
    memory.cancel = this.clock.after(Math.min(TERMINATION_MS, graceMs), () => this.store.remove(pods, pod.metadata));
  }

  #admit(pod: Pod): void {
    this.#lastAddress += 1;
    const address = this.#lastAddress;
    this.store.change(pods, pod.metadata, (draft) => {
      const { spec, status } = draft as Pod;
      status.hostIP = '192.168.64.10';
      status.podIP = `10.244.${Math.floor(address / 250) % 250}.${(address % 250) + 2}`;
      status['hostIPs'] = [{ ip: status.hostIP }];
      status['podIPs'] = [{ ip: status.podIP }];
      status.startTime = formatTime(this.clock.now());
      status.containerStatuses = spec.containers.map(({ name, image }) => ({
        name,
        image,
        imageID: '',
        ready: false,
        started: false,
        restartCount: 0,
        state: { waiting: { reason: 'ContainerCreating' } },
        lastState: {},
      }));
      refreshPodStatus(draft as Pod, this.clock.now());
    });
  }

  /** After a node's return, the conditions that the node controller had taken away come back. */
  #refresh(pod: Pod): void {
    this.store.change(pods, pod.metadata, (draft) => refreshPodStatus(draft as Pod, this.clock.now()));
  }

  #soonest(pod: Pod, memory: PodMemory): DueTransition | null {
    let soonest: DueTransition | null = null;
    for (const container of pod.spec.containers) {
      const status = pod.status.containerStatuses?.find(({ name }) => name === container.name);
      if (!status) continue;
      const script = this.faults.scriptOf(pod, container);
      const known = this.#remember(memory, status, script.id);
      const transition = nextTransition({ pod, container, status, script, ...known });
      if (!transition) continue;
      const remainingMs = Math.max(0, transition.afterMs - this.clock.elapsedSince(known.sinceMs));
      if (!soonest || remainingMs < soonest.remainingMs) soonest = { container, transition, remainingMs };
    }
    return soonest;
  }

  #remember(memory: PodMemory, status: ContainerStatus, scriptId: string): ContainerMemory {
    const { state, restartCount } = status;
    const what = state.running ? 'running' : state.terminated ? 'terminated' : (state.waiting?.reason ?? '');
    const stateKey = `${what}/${restartCount}/${scriptId}`;
    const existing = memory.containers.get(status.name);
    if (existing?.stateKey === stateKey) return existing;
    const saved = this.#isResuming ? stateSince(status) : NaN;
    const sinceMs = Number.isNaN(saved) ? this.clock.now() : saved;
    const known = { crashes: restartCount, pullAttempts: 0, ...existing, stateKey, sinceMs };
    memory.containers.set(status.name, known);
    return known;
  }

  #apply(pod: Pod, due: DueTransition, memory: PodMemory): void {
    const { container, transition } = due;
    const known = memory.containers.get(container.name);
    const reports: ReturnType<ContainerTransition['apply']> = [];
    this.store.change(pods, pod.metadata, (draft) => {
      const status = (draft as Pod).status.containerStatuses?.find(({ name }) => name === container.name);
      if (!status || draft.metadata.uid !== pod.metadata.uid) return;
      if (known) this.#count(known, transition);
      reports.push(...transition.apply(status, this.clock.now()));
      refreshPodStatus(draft as Pod, this.clock.now());
    });
    for (const report of reports) {
      this.events.record(pod, { ...report, container: container.name, component: 'kubelet', host: pod.spec.nodeName });
    }
  }

  #count(known: ContainerMemory, transition: ContainerTransition): void {
    if (transition.name === 'pull-failed') known.pullAttempts += 1;
    if (transition.name === 'restart') known.crashes += 1;
    if (transition.name === 'end' && this.clock.elapsedSince(known.sinceMs) >= BACK_OFF_RESET_MS) known.crashes = 0;
  }
}
