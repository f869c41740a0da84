import type { ObjectKey } from './object-store.js';
import type { ScriptChange } from './container-script.js';
import { deployments, replicaSets } from './resource-type.js';
import type { Simulation } from './simulation.js';
import type { ContainerSpec, Deployment, ReplicaSet } from './workload-objects.js';

/** Where a scripted fault strikes. */
export interface FaultTarget {
  readonly namespace: string;
  readonly deployment: string;
}

const STALE_CACHE: ScriptChange = {
  ending: 'exit',
  exitCode: 1,
  endsAfterMs: 2500,
  lines: [
    { atMs: 0, text: '{time} INFO  starting' },
    { atMs: 300, text: '{time} INFO  warming up from the session cache on the node' },
    { atMs: 900, text: '{time} WARN  cache index is 3 generations behind its segments' },
    { atMs: 1400, text: '{time} ERROR stale cache: segment 0041 has checksum 9f2c, index says 77ab' },
    { atMs: 1500, text: '{time} FATAL refusing to serve from a stale cache, giving up' },
  ],
};

function keyOf({ namespace, deployment }: FaultTarget): ObjectKey {
  return { namespace, name: deployment };
}

function deploymentAt(simulation: Simulation, target: FaultTarget): Deployment {
  const found = simulation.store.get(deployments, keyOf(target));
  if (found) return found as Deployment;
  throw new Error(`There is no Deployment '${target.namespace}/${target.deployment}' to break.`);
}

/** The id under which the crash loop of a Deployment is kept. */
export function crashLoopId({ namespace, deployment }: FaultTarget): string {
  return `crash-loop/${namespace}/${deployment}`;
}

/** Lets the running pods of a Deployment crash again and again, until a rollout restart makes a new ReplicaSet. */
export function startCrashLoop(simulation: Simulation, target: FaultTarget, script: ScriptChange = STALE_CACHE): void {
  const { uid } = deploymentAt(simulation, target).metadata;
  const sets = simulation.store.dependentsOf(uid, replicaSets).map(({ object }) => object as ReplicaSet);
  const hashes = sets.flatMap(({ metadata }) => metadata.labels?.['pod-template-hash'] ?? []);
  simulation.faults.add({ id: crashLoopId(target), ...target, templateHashes: hashes, script });
}

/** Changes the template of a Deployment the way a bad release would; rolling back to the template before heals it. */
export function startBadRollout(simulation: Simulation, target: FaultTarget, change: Partial<ContainerSpec>): void {
  deploymentAt(simulation, target);
  simulation.store.change(deployments, keyOf(target), (draft) => {
    const { spec, metadata } = draft as Deployment;
    const [first] = spec.template.spec.containers;
    if (first) Object.assign(first, change);
    metadata.generation = (metadata.generation ?? 0) + 1;
  });
}

/** Ends the crash loop of a Deployment without anybody's help. */
export function healCrashLoop(simulation: Simulation, target: FaultTarget): void {
  simulation.faults.remove(crashLoopId(target));
}
