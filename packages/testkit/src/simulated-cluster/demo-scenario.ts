import { findCurrentSet } from './deployment-revision.js';
import { isComplete } from './deployment-status.js';
import { BAD_RELEASE, badRelease, demoImages, demoManifests } from './demo-world.js';
import { deployments, replicaSets } from './resource-type.js';
import { crashLoopId, healCrashLoop, startBadRollout, startCrashLoop } from './scripted-fault.js';
import type { SimulatedCluster } from './simulated-cluster.js';
import type { Deployment, ReplicaSet } from './workload-objects.js';
import type { ScenarioState } from './world-file.js';

/** When the demo's faults come. */
export interface DemoScenarioOptions {
  /** After the start: when the first fault comes, and how soon at the earliest after a restart. */
  readonly firstFaultAfterMs?: number | undefined;
  /** After a fault was healed: when the other one comes. */
  readonly nextFaultAfterMs?: number | undefined;
}

const TARGETS = {
  'crash-loop': { namespace: 'shop', deployment: 'cart' },
  'bad-rollout': { namespace: 'shop', deployment: 'web' },
} as const;

/**
 * Plays a small shop in which things go wrong, one at a time: pods of `shop/cart` that crash until a rollout restart,
 * and releases of `shop/web` that crash until a rollback. A healed fault is followed by the other one.
 */
export class DemoScenario {
  readonly #firstFaultAfterMs: number;
  readonly #nextFaultAfterMs: number;
  #cancel: (() => void) | null = null;
  #stopWatching: (() => void) | null = null;

  private constructor(
    private readonly cluster: SimulatedCluster,
    options: DemoScenarioOptions,
  ) {
    this.#firstFaultAfterMs = options.firstFaultAfterMs ?? 8000;
    this.#nextFaultAfterMs = options.nextFaultAfterMs ?? 60_000;
  }

  /** Fills an empty cluster with the shop, or takes up a saved one where it stood. */
  static start(cluster: SimulatedCluster, options: DemoScenarioOptions = {}): DemoScenario {
    const scenario = new DemoScenario(cluster, options);
    scenario.#start();
    return scenario;
  }

  /** No further fault comes; the present one stays. */
  stop(): void {
    this.#cancel?.();
    this.#stopWatching?.();
  }

  #start(): void {
    const { cluster } = this;
    cluster.simulation.faults.addImages(demoImages);
    if (cluster.scenario === null) {
      for (const manifest of demoManifests()) cluster.apply(manifest);
      cluster.scenario = { phase: 'quiet', next: 'crash-loop', atMs: 0, rollouts: 0 };
    }
    this.#stopWatching = cluster.simulation.store.onChange(({ resource }) => {
      if (resource === deployments) this.#schedule(0, () => this.#checkHealed());
    });
    const state = this.#state;
    if (state.phase === 'broken') this.#schedule(0, () => this.#checkHealed());
    else this.#planFault(Math.max(state.atMs - cluster.simulation.clock.now(), this.#firstFaultAfterMs));
  }

  get #state(): ScenarioState {
    return this.cluster.scenario ?? { phase: 'quiet', next: 'crash-loop', atMs: 0, rollouts: 0 };
  }

  #schedule(afterMs: number, callback: () => void): void {
    if (this.#state.phase === 'quiet' && afterMs === 0) return;
    this.#cancel?.();
    this.#cancel = this.cluster.simulation.clock.after(afterMs, callback);
  }

  #planFault(afterMs: number): void {
    this.#schedule(Math.max(1, afterMs), () => this.#strike());
  }

  #strike(): void {
    const { simulation } = this.cluster;
    const state = this.#state;
    const target = TARGETS[state.next];
    const { namespace, deployment: name } = target;
    const manifest = demoManifests().find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name);
    if (!simulation.store.get(deployments, { namespace, name }) && manifest) this.cluster.apply(manifest);
    const rollouts = state.next === 'bad-rollout' ? state.rollouts + 1 : state.rollouts;
    this.cluster.scenario = { phase: 'broken', next: state.next, atMs: simulation.clock.now(), rollouts };
    if (state.next === 'crash-loop') startCrashLoop(simulation, target);
    else startBadRollout(simulation, target, badRelease(rollouts - 1));
  }

  #checkHealed(): void {
    const { simulation } = this.cluster;
    const state = this.#state;
    if (state.phase !== 'broken' || !this.#isHealed(state.next)) return;
    if (state.next === 'crash-loop') healCrashLoop(simulation, TARGETS['crash-loop']);
    const next = state.next === 'crash-loop' ? 'bad-rollout' : 'crash-loop';
    const atMs = simulation.clock.now() + this.#nextFaultAfterMs / simulation.clock.speed;
    this.cluster.scenario = { ...state, phase: 'quiet', next, atMs };
    this.#planFault(this.#nextFaultAfterMs);
  }

  #isHealed(fault: keyof typeof TARGETS): boolean {
    const { store, faults } = this.cluster.simulation;
    const target = TARGETS[fault];
    const found = store.get(deployments, { namespace: target.namespace, name: target.deployment }) as
      Deployment | undefined;
    // Deleted or scaled to nothing: there is nothing left to heal.
    if (!found || found.spec.replicas === 0) return true;
    if (found.status.observedGeneration !== found.metadata.generation || !isComplete(found, found.status)) return false;
    if (fault === 'bad-rollout')
      return !found.spec.template.spec.containers.some(({ image }) => image.startsWith(BAD_RELEASE));
    const sets = store.dependentsOf(found.metadata.uid, replicaSets).map(({ object }) => object as ReplicaSet);
    const hash = findCurrentSet(found, sets)?.metadata.labels?.['pod-template-hash'] ?? '';
    const active = faults.faults.find(({ id }) => id === crashLoopId(target));
    return !active?.templateHashes.includes(hash);
  }
}
