import type { ResourceReference } from './resource-reference.js';
import type { Severity } from './severity.js';

/** States of an incident; `open` lists include `acknowledged`. */
export type IncidentStatus = 'open' | 'acknowledged' | 'resolved';

/** One facet of an incident as lists show it. Times are ISO 8601 UTC. */
export interface IncidentProblem {
  readonly eventType: string;
  readonly since: string;
  readonly lastSeenAt: string;
  /** Distinct occurrences, never resends. */
  readonly count: number;
  readonly active: boolean;
  readonly message: string;
}

/** An incident as `GET /api/incidents` lists it. */
export interface IncidentSummary {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  readonly severity: Severity;
  readonly status: IncidentStatus;
  readonly eventType: string;
  readonly problems: readonly IncidentProblem[];
  readonly cluster: string;
  readonly namespace: string | null;
  /** The owner: Deployment, StatefulSet, DaemonSet, Job, CronJob, Node, bare Pod, or Alert. */
  readonly resource: ResourceReference;
  readonly sources: readonly string[];
  readonly openedAt: string;
  readonly acknowledgedAt: string | null;
  readonly resolvedAt: string | null;
}
