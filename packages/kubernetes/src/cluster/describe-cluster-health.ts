import { isoTime, type ClusterObjectKind, type HealthReport, type WatchState } from '@dogwatch/core';
import { pluralOf } from '../client/api-path.js';
import type { ProbeState } from './cluster-probe.js';

/** What the health of a cluster follows from. */
export interface ClusterCondition {
  readonly cluster: string;
  readonly probe: ProbeState;
  readonly watches: readonly WatchState[];
  readonly counts: readonly { readonly kind: ClusterObjectKind; readonly count: number }[];
}

/** Says how a cluster is, for an operator: what is missing, since when, and the remedy. */
export function describeClusterHealth({ cluster, probe, watches, counts }: ClusterCondition): HealthReport {
  if (probe.isReachable === false) {
    return {
      status: 'down',
      message: `Not reachable since ${isoTime(probe.since)}. ${probe.message ?? ''} Nothing is resolved meanwhile; watches go on by themselves.`,
    };
  }
  const broken = watches.filter((watch) => watch.state !== 'live');
  if (broken.length === 0) {
    const held = counts.map(({ kind, count }) => `${count} ${pluralOf(kind)}`).join(', ');
    return { status: 'ok', message: `Cluster '${cluster}' is watched: ${held}.` };
  }
  const hasFailed = broken.every((watch) => watch.message !== null);
  const nothingWorks = broken.length === watches.length && hasFailed;
  const details = broken.map((watch) => describeWatch(watch)).join('; ');
  return { status: nothingWorks ? 'down' : 'degraded', message: `Cluster '${cluster}': ${details}.` };
}

function describeWatch({ kind, state, since, message }: WatchState): string {
  if (state === 'forbidden') return `${message ?? pluralOf(kind)}; detectors that need ${pluralOf(kind)} are off`;
  if (message === null) return `${pluralOf(kind)}: being read for the first time`;
  return `${message} (${state} since ${isoTime(since)})`;
}
