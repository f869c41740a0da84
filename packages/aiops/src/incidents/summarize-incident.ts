import type { IncidentSummary, JsonObject, SummaryWrite } from '@dogwatch/core';
import { incidentStream } from './incident-events.js';
import type { IncidentState } from './incident-state.js';
import { shownSeverity, topProblem } from './rank-problems.js';

/** The incident as lists and the API show it. */
export function summarizeIncident(state: IncidentState): IncidentSummary {
  const top = topProblem(state.problems);
  const { resource } = state;
  return {
    id: state.id,
    key: state.key,
    title: `${resource.kind} ${formatPlace(resource)} ${top?.phrase ?? 'has a problem'}`,
    severity: shownSeverity(state.problems),
    status: state.status,
    eventType: top?.eventType ?? 'unknown',
    problems: state.problems.map(({ eventType, since, lastSeenAt, count, active, message }) => ({
      eventType,
      since,
      lastSeenAt,
      count,
      active,
      message,
    })),
    cluster: resource.cluster,
    namespace: resource.namespace,
    resource: { kind: resource.kind, name: resource.name, uid: resource.uid },
    sources: [...new Set(state.problems.map((problem) => problem.source))].sort(),
    openedAt: state.openedAt,
    acknowledgedAt: state.acknowledgedAt,
    resolvedAt: state.resolvedAt,
  };
}

/** `namespace/name`, or the bare name of what has no namespace. */
export function formatPlace(resource: { readonly namespace: string | null; readonly name: string }): string {
  return resource.namespace === null ? resource.name : `${resource.namespace}/${resource.name}`;
}

/** The row that is written together with the incident's events. */
export function incidentSummaryWrite(state: IncidentState, isNew: boolean): SummaryWrite {
  return {
    kind: 'incident',
    id: state.id,
    stream: incidentStream(state.id),
    open: state.status !== 'resolved',
    key: state.key,
    namespace: state.resource.namespace,
    at: state.openedAt,
    data: summarizeIncident(state) as unknown as JsonObject,
    isNew,
  };
}

/** The incident of a summary row of kind `incident`. */
export function readIncidentSummary(row: { readonly data: JsonObject }): IncidentSummary {
  return row.data as unknown as IncidentSummary;
}
