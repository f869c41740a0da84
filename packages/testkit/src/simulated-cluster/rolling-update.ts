import type { IntOrPercent } from './workload-objects.js';

/** How one ReplicaSet of a Deployment stands. */
export interface SetCount {
  readonly name: string;
  readonly replicas: number;
  readonly available: number;
}

/** The state of a rolling update. */
export interface RolloutState {
  readonly desired: number;
  readonly maxUnavailable?: IntOrPercent | undefined;
  readonly maxSurge?: IntOrPercent | undefined;
  readonly current: SetCount;
  /** Oldest first. */
  readonly old: readonly SetCount[];
}

function resolve(value: IntOrPercent, total: number, round: (share: number) => number): number {
  if (typeof value === 'number') return value;
  return value.endsWith('%') ? round((Number(value.slice(0, -1)) * total) / 100) : Number(value);
}

/** Works out how many pods may be missing and how many may be too many, as Kubernetes rounds them. */
export function resolveLimits(state: Pick<RolloutState, 'desired' | 'maxUnavailable' | 'maxSurge'>): {
  maxUnavailable: number;
  maxSurge: number;
} {
  const maxSurge = resolve(state.maxSurge ?? '25%', state.desired, Math.ceil);
  const maxUnavailable = resolve(state.maxUnavailable ?? '25%', state.desired, Math.floor);
  return {
    maxSurge,
    maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : Math.min(maxUnavailable, state.desired),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function takeDown(
  sizes: Map<string, number>,
  old: readonly SetCount[],
  takes: { limit: number; of(set: SetCount): number },
): number {
  let left = takes.limit;
  for (const set of old) {
    const size = sizes.get(set.name) ?? set.replicas;
    const count = Math.max(0, Math.min(left, size, takes.of({ ...set, replicas: size })));
    if (count > 0) sizes.set(set.name, size - count);
    left -= count;
  }
  return takes.limit - left;
}

/** Plans one step of a rolling update: the sizes of the ReplicaSets that change. */
export function planRollingUpdate(state: RolloutState): ReadonlyMap<string, number> {
  const { desired, current, old } = state;
  const { maxSurge, maxUnavailable } = resolveLimits(state);
  const sizes = new Map<string, number>();
  const total = current.replicas + sum(old.map(({ replicas }) => replicas));
  if (current.replicas > desired) return sizes.set(current.name, desired);
  const growth = Math.min(desired + maxSurge - total, desired - current.replicas);
  if (growth > 0) return sizes.set(current.name, current.replicas + growth);
  const minAvailable = desired - maxUnavailable;
  const missingInCurrent = current.replicas - current.available;
  // Pods that do not work can go first: taking them away makes nothing less available.
  const limit = total - minAvailable - missingInCurrent;
  if (limit <= 0) return sizes;
  takeDown(sizes, old, { limit, of: (set) => set.replicas - set.available });
  const available =
    current.available + sum(old.map((set) => Math.min(set.available, sizes.get(set.name) ?? set.replicas)));
  takeDown(sizes, old, { limit: Math.max(0, available - minAvailable), of: (set) => set.replicas });
  return sizes;
}
