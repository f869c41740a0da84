import type { ClusterObject, ClusterView, DetectionContext, Detector } from '@dogwatch/core';
import { BUILDERS_EPOCH } from '../../cluster-view/object-builders.js';
import { MemoryClusterView } from '../../cluster-view/memory-cluster-view.js';

/** One object in a state that a detector is asked about. */
export interface DetectorSample {
  /** What state it is: `waits in CrashLoopBackOff`. */
  readonly name: string;
  readonly object: ClusterObject;
  /** What else the view holds: owners, pods, events. */
  readonly others?: readonly ClusterObject[];
  /** Milliseconds since the epoch; `BUILDERS_EPOCH` unless given. */
  readonly now?: number;
  /** Restart times by container name. */
  readonly restarts?: Readonly<Record<string, readonly number[]>>;
  readonly raisedOccurrence?: string;
}

/** What the contract of `Detector` is run on: a detector and objects of which somebody knows what it must say. */
export interface DetectorSubject {
  readonly detector: Detector;
  /** It finds the problem here, and does not call the object well. */
  readonly sick: readonly DetectorSample[];
  /** It finds nothing here: what happens in a healthy cluster and looks alike. */
  readonly healthy: readonly DetectorSample[];
  /** It calls the object well here. */
  readonly well: readonly DetectorSample[];
}

/** A view that holds the sample. */
export function viewOf(sample: DetectorSample): ClusterView {
  const view = new MemoryClusterView('contract');
  view.put(...(sample.others ?? []), sample.object);
  return view;
}

/** What a detector is told about a sample. */
export function contextOf(sample: DetectorSample, changes: Partial<DetectionContext> = {}): DetectionContext {
  return {
    view: viewOf(sample),
    now: sample.now ?? BUILDERS_EPOCH,
    restartsOf: (_podUid, container) => sample.restarts?.[container] ?? [],
    raisedOccurrence: sample.raisedOccurrence ?? null,
    ...changes,
  };
}
