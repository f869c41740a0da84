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
  const details = describeWatches(broken).join('; ');
  return { status: nothingWorks ? 'down' : 'degraded', message: `Cluster '${cluster}': ${details}.` };
}

// An API server that is away is one trouble, not one of each watch.
function describeWatches(broken: readonly WatchState[]): readonly string[] {
  const groups = new Map<string, WatchState[]>();
  for (const watch of broken) {
    const reason = `${watch.state}/${watch.message?.replace(`${pluralOf(watch.kind)}: `, '') ?? ''}`;
    groups.set(reason, [...(groups.get(reason) ?? []), watch]);
  }
  return [...groups.values()].map(([first, ...others]) => {
    const watch = first as WatchState;
    const lead = `${pluralOf(watch.kind)}: `;
    if (others.length === 0 || watch.state === 'forbidden' || watch.message?.startsWith(lead) !== true) {
      return [watch, ...others].map(describeWatch).join('; ');
    }
    const all = [watch, ...others].map(({ kind }) => pluralOf(kind)).join(', ');
    const since = Math.min(watch.since, ...others.map((other) => other.since));
    return describeWatch({ ...watch, since, message: watch.message.replace(lead, `${all}: `) });
  });
}

function describeWatch({ kind, state, since, message }: WatchState): string {
  if (state === 'forbidden') return `${message ?? pluralOf(kind)}; detectors that need ${pluralOf(kind)} are off`;
  if (message === null) return `${pluralOf(kind)}: being read for the first time`;
  return `${message} (${state} since ${isoTime(since)})`;
}
