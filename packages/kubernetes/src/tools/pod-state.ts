import type { RawMetadata } from './raw-object.js';

interface RawContainerStatus {
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string };
    readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
  };
}

/** A pod as the API server sends it, as far as tools look. */
export interface RawPod {
  readonly metadata: RawMetadata & { readonly deletionTimestamp?: string };
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly containerStatuses?: readonly RawContainerStatus[];
    readonly initContainerStatuses?: readonly RawContainerStatus[];
  };
}

/** How a pod is, in one word: what people filter by. */
export type PodState = 'failing' | 'not_ready' | 'pending' | 'running' | 'finished';

const starting: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);

function findTrouble({ status }: RawPod): string | null {
  for (const [prefix, statuses] of [
    ['Init:', status?.initContainerStatuses],
    ['', status?.containerStatuses],
  ] as const) {
    for (const { state } of statuses ?? []) {
      const reason = state?.waiting?.reason ?? state?.terminated?.reason;
      if (reason !== undefined && reason !== 'Completed' && !starting.has(reason)) return `${prefix}${reason}`;
    }
  }
  return status?.phase === 'Failed' ? (status.reason ?? 'Failed') : null;
}

/** The word that stands in a list: the reason of its trouble, else how far it is. */
export function podStatus(pod: RawPod): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  const trouble = findTrouble(pod);
  if (trouble !== null) return trouble;
  const waiting = pod.status?.containerStatuses?.find(({ state }) => state?.waiting?.reason !== undefined);
  return waiting?.state?.waiting?.reason ?? pod.status?.reason ?? pod.status?.phase ?? 'Unknown';
}

/** Sorts a pod into one of the states. */
export function podState(pod: RawPod): PodState {
  const phase = pod.status?.phase;
  if (findTrouble(pod) !== null) return 'failing';
  if (phase === 'Succeeded') return 'finished';
  if (phase === 'Pending') return 'pending';
  if (phase !== 'Running') return 'failing';
  return (pod.status?.containerStatuses ?? []).every(({ ready }) => ready) ? 'running' : 'not_ready';
}
