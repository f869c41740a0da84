import { PrometheusMetrics } from '@dogwatch/core';
import type {
  ClusterEvent,
  ContainerStatus,
  DeploymentObject,
  Detector,
  PodObject,
  ProblemObserved,
} from '@dogwatch/core';
import { builtInDetectors, WatchLoop, watchLoopSchema } from '@dogwatch/aiops';
import {
  aCondition,
  aContainer,
  aDeployment,
  aPod,
  aReplicaSet,
  controlledBy,
  ManualClock,
  MemoryClusterRegistry,
  MemoryClusterView,
  RecordingEventSink,
  RecordingLogger,
} from '@dogwatch/testkit';

export interface RigOptions {
  readonly detectors?: readonly Detector[];
  readonly settings?: Parameters<typeof watchLoopSchema.parse>[0];
  readonly view?: MemoryClusterView;
  readonly otherViews?: readonly MemoryClusterView[];
  readonly clock?: ManualClock;
  readonly sink?: RecordingEventSink;
}

/** A watch loop on a view that a test fills by hand. */
export class WatchLoopRig {
  readonly clock: ManualClock;
  readonly view: MemoryClusterView;
  readonly sink: RecordingEventSink;
  readonly logger = new RecordingLogger();
  readonly metrics = new PrometheusMetrics();
  readonly loop: WatchLoop;
  private readonly abort = new AbortController();

  constructor(options: RigOptions = {}) {
    this.clock = options.clock ?? new ManualClock();
    this.view = options.view ?? new MemoryClusterView('homelab', { now: () => this.clock.now() });
    this.sink = options.sink ?? new RecordingEventSink();
    this.loop = new WatchLoop(
      new MemoryClusterRegistry(this.view, ...(options.otherViews ?? [])),
      this.clock,
      this.logger,
      this.metrics,
      watchLoopSchema.parse(options.settings),
      options.detectors ?? builtInDetectors,
    );
  }

  async start(): Promise<this> {
    await this.loop.start(this.sink, this.abort.signal);
    await this.clock.flush();
    return this;
  }

  /** The same cluster and log, seen by a process that has just begun. */
  async restart(options: Pick<RigOptions, 'detectors' | 'settings'> = {}): Promise<WatchLoopRig> {
    await this.loop.stop();
    const { view, clock, sink } = this;
    return new WatchLoopRig({ ...options, view, clock, sink }).start();
  }

  abortSignal(): void {
    this.abort.abort();
  }

  /** What the sink took since the last call, in short: `observed crash_loop Deployment/web`. */
  async told(): Promise<readonly string[]> {
    await this.clock.flush();
    return this.sink.drain().map(shortly);
  }

  async observations(): Promise<readonly ProblemObserved[]> {
    await this.clock.flush();
    return this.sink.drain().filter((event): event is ProblemObserved => event.kind === 'observed');
  }
}

export function shortly(event: ClusterEvent): string {
  return `${event.kind} ${event.facet} ${event.resource.kind}/${event.resource.name}`;
}

/** A Deployment with its ReplicaSet and pods. */
export class Workload {
  readonly replicaSet;

  constructor(
    private readonly rig: WatchLoopRig,
    private deployment: DeploymentObject = aDeployment(),
  ) {
    this.replicaSet = aReplicaSet({ name: `${deployment.name}-7d4b`, controller: controlledBy(deployment) });
    rig.view.put(deployment, this.replicaSet);
  }

  /** Changes the Deployment. */
  set(changes: Partial<DeploymentObject>): void {
    this.deployment = aDeployment({ ...this.deployment, ...changes });
    this.rig.view.put(this.deployment);
  }

  get object(): DeploymentObject {
    return this.deployment;
  }

  pod(name: string, changes: Partial<PodObject> = {}): PodObject {
    return aPod({ name, controller: controlledBy(this.replicaSet), createdAt: this.rig.clock.now(), ...changes });
  }

  put(name: string, changes: Partial<PodObject> = {}): PodObject {
    const pod = this.pod(name, changes);
    this.rig.view.put(pod);
    return pod;
  }

  /** A pod that is ready since now. */
  ready(name: string, container: Partial<ContainerStatus> = {}): PodObject {
    const now = this.rig.clock.now();
    return this.put(name, {
      containers: [aContainer({ running: { startedAt: now }, ...container })],
      conditions: [aCondition('Ready', { since: now })],
    });
  }

  /** A pod whose container has just crashed for the `restarts + 1`st time and waits. */
  crashing(name: string, restarts: number, changes: Partial<PodObject> = {}): PodObject {
    const now = this.rig.clock.now();
    return this.put(name, { containers: [crashedContainer(restarts, now)], ...changes });
  }
}

/** A container that waits in CrashLoopBackOff since its run of one second ended. */
export function crashedContainer(restarts: number, finishedAt: number, reason = 'Error'): ContainerStatus {
  return aContainer({
    restartCount: restarts,
    waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' },
    lastTerminated: {
      reason,
      exitCode: reason === 'OOMKilled' ? 137 : 1,
      message: 'the last log line: password=hunter2',
      startedAt: finishedAt - 1000,
      finishedAt,
    },
  });
}

/** The same container when it has been started once more. */
export function restartedContainer(restarts: number, startedAt: number, reason = 'Error'): ContainerStatus {
  return aContainer({
    restartCount: restarts,
    running: { startedAt },
    lastTerminated: {
      reason,
      exitCode: reason === 'OOMKilled' ? 137 : 1,
      message: null,
      startedAt: startedAt - 2000,
      finishedAt: startedAt - 1000,
    },
  });
}

/** A view that tells no change. */
export class SilentView extends MemoryClusterView {
  override onChange(): () => void {
    return () => undefined;
  }
}
