import { defineExtensionPoint } from '../di/define-port.js';
import type { ClusterObject, ClusterObjectKind } from '../domain/cluster-object.js';
import type { JsonObject } from '../domain/json.js';
import type { Severity } from '../domain/severity.js';
import type { ClusterView } from './cluster-registry.js';

/** What a detector may look at; all of it is read-only. */
export interface DetectionContext {
  readonly view: ClusterView;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** When the container was seen to restart, newest last, at most an hour back. Also known after a restart of Dogwatch as far as the cluster tells. */
  restartsOf(podUid: string, container: string): readonly number[];
  /**
   * The occurrence with which this detector's facet of the object's owner was last raised, `null` while it is not raised:
   * lets `isWell` ask for more after one variant of the problem than after another.
   */
  readonly raisedOccurrence: string | null;
}

/** A problem that a detector sees on one object. */
export interface Finding {
  /** Plain sentences with every fact that helps: container, exit code or reason, restarts, image, node, newest matching Warning event. */
  readonly message: string;
  /** Identifies the occurrence: another value is a new occurrence, counted as such. */
  readonly occurrence: string;
  /** When it happened, milliseconds since the epoch. */
  readonly occurredAt: number;
  readonly facts: JsonObject;
  /** Overrides the detector's `forMs`. */
  readonly forMs?: number;
}

/**
 * Recognises one kind of problem: one file, pure, no clock of its own, no I/O.
 *
 * The watch loop calls `detect` when an object of `kind` (or one that it owns) changes, and again as time passes; it
 * groups findings by the object's owner and owns the times: a facet is raised when findings have held for `forMs`, and
 * cleared when for every non-terminating object of that owner `isWell` has held for `clearMs` without a break.
 */
export interface Detector {
  /** The `event_type`, unique among detectors. */
  readonly eventType: string;
  readonly kind: ClusterObjectKind;
  /** Other kinds it reads: without the right to list one of them the detector is off, and health says so. */
  readonly alsoReads: readonly ClusterObjectKind[];
  /** Smallest sets the incident's title; `null` = after all ranked ones. */
  readonly rank: number | null;
  /** A few words for titles: `is in a crash loop`. */
  readonly title: string;
  readonly severity: Severity;
  readonly forMs: number;
  readonly clearMs: number;
  /**
   * Event types whose raised facet on the same owner makes this problem steady: meanwhile a break in the findings that is
   * shorter than `clearMs` does not start `forMs` anew (a crash-looping pod is available for a moment at each start).
   */
  readonly steadyDuring?: readonly string[];
  detect(object: ClusterObject, context: DetectionContext): Finding | null;
  /** Whether this object, taken by itself, no longer has the problem; a restart of its containers starts `clearMs` anew. */
  isWell(object: ClusterObject, context: DetectionContext): boolean;
}
export const Detector = defineExtensionPoint<Detector>('core.Detector');
