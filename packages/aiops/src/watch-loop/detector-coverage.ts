import type { ClusterObjectKind, ClusterView, Detector, WatchState } from '@dogwatch/core';

/**
 * How far a detector can work on a cluster: `off` = a right or a kind is missing · `waiting` = the first lists are not
 * in · `partial` = some watch is broken: what is new counts, what is absent or well does not · `full`.
 */
export type Coverage = 'off' | 'waiting' | 'partial' | 'full';

/** What a detector can do on a cluster now, and for an operator why not more. */
export interface DetectorCoverage {
  readonly coverage: Coverage;
  /** Set when `off`. */
  readonly reason: string | null;
}

/** What every detector can do on one cluster, as of the last `update`. */
export class DetectorCoverages {
  private current = new Map<Detector, DetectorCoverage>();

  constructor(
    private readonly view: ClusterView,
    private readonly detectors: readonly Detector[],
  ) {}

  /** Judges anew from the states of the watches; answers whether anything changed. */
  update(): boolean {
    const before = this.current;
    this.current = new Map(this.detectors.map((detector) => [detector, coverageOf(this.view, detector)]));
    return this.detectors.some((one) => before.get(one)?.coverage !== this.current.get(one)?.coverage);
  }

  all(): ReadonlyMap<Detector, DetectorCoverage> {
    return this.current;
  }

  isFull(detector: Detector): boolean {
    return this.current.get(detector)?.coverage === 'full';
  }

  canEvaluate(detector: Detector): boolean {
    const coverage = this.current.get(detector)?.coverage;
    return coverage === 'full' || coverage === 'partial';
  }
}

function coverageOf(view: ClusterView, detector: Detector): DetectorCoverage {
  const states = new Map(view.watchStates().map((state) => [state.kind, state]));
  const needed = [detector.kind, ...detector.alsoReads];
  for (const kind of needed) {
    const reason = whyOff(kind, states.get(kind));
    if (reason !== null) return { coverage: 'off', reason };
  }
  // Owners decide what an incident is about and what is ignored, so nothing is said before their first lists are in.
  const isWaiting = [...states.values()].some((state) => state.state === 'starting' && state.kind !== 'Event');
  if (isWaiting || needed.some((kind) => states.get(kind)?.state === 'starting')) {
    return { coverage: 'waiting', reason: null };
  }
  return { coverage: needed.every((kind) => view.isComplete(kind)) ? 'full' : 'partial', reason: null };
}

function whyOff(kind: ClusterObjectKind, state: WatchState | undefined): string | null {
  if (!state) return `kind '${kind}' is not watched`;
  if (state.state !== 'forbidden') return null;
  return `${state.message ?? `the right to list and watch '${kind}' is missing`}`;
}
