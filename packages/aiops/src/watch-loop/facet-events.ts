import { isoTime } from '@dogwatch/core';
import type { ClusterObject, ClusterView, PlacedResource, ProblemCleared, ProblemObserved } from '@dogwatch/core';
import type { FacetOutcome } from './facet-outcome.js';
import type { FacetTracker } from './facet-tracker.js';

const controllerLabels = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'statefulset.kubernetes.io/pod-name',
]);

/** The event that tells an occurrence. */
export function observedEvent(
  view: ClusterView,
  facet: FacetTracker,
  what: {
    readonly source: string;
    readonly outcome: Extract<FacetOutcome, { kind: 'observed' }>;
    readonly labels: Readonly<Record<string, string>>;
  },
): ProblemObserved {
  const { finding, affected, occurredAt } = what.outcome;
  const { detector } = facet;
  return {
    kind: 'observed',
    source: what.source,
    resource: placed(view, facet),
    facet: detector.eventType,
    eventType: detector.eventType,
    severity: detector.severity,
    message: affected > 1 ? `${finding.message} (${affected} ${detector.kind}s have this problem.)` : finding.message,
    occurrence: finding.occurrence,
    occurredAt: isoTime(occurredAt),
    labels: what.labels,
    facts: { ...finding.facts, affected },
  };
}

/** The event that tells the end of a facet. */
export function clearedEvent(
  view: ClusterView,
  facet: FacetTracker,
  what: { readonly source: string; readonly now: number; readonly reason: string },
): ProblemCleared {
  return {
    kind: 'cleared',
    source: what.source,
    resource: placed(view, facet),
    facet: facet.detector.eventType,
    clearedAt: isoTime(what.now),
    reason: what.reason,
  };
}

function placed(view: ClusterView, facet: FacetTracker): PlacedResource {
  const { kind, name, uid } = facet.owner;
  return { cluster: view.name, namespace: facet.namespace, kind, name, uid };
}

/** The labels of an owner; where its kind is not watched, those of one of its objects without what a controller added. */
export function labelsOf(owner: ClusterObject | null, subject: ClusterObject | null): Readonly<Record<string, string>> {
  if (owner) return owner.labels;
  return Object.fromEntries(Object.entries(subject?.labels ?? {}).filter(([key]) => !controllerLabels.has(key)));
}
