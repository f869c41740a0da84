import type { JsonObject } from './json.js';
import type { PlacedResource } from './resource-reference.js';
import type { Severity } from './severity.js';

/** What any event source tells the incident pipeline. */
export type ClusterEvent = ProblemObserved | ProblemCleared;

/** A problem holds on an owner; sent once for every new occurrence and for a change of its message. */
export interface ProblemObserved {
  readonly kind: 'observed';
  /** Name of the source, `watch` or `alertmanager` among others. */
  readonly source: string;
  /**
   * The owner that has the problem; `resourceKey` of it is the incident's key. A resource of kind `Alert` (an alert that names no
   * object) has its alertname as name, and in the key the fingerprint out of the facet `alert/<fingerprint>` instead.
   */
  readonly resource: PlacedResource;
  /** What tells this facet of the incident from its other ones: the event type, or `alert/<fingerprint>`. */
  readonly facet: string;
  readonly eventType: string;
  readonly severity: Severity;
  /** One or two plain sentences: container, exit code or reason, restarts, image, node, newest matching Warning event. */
  readonly message: string;
  /** Identifies this occurrence, so that a resend is not counted twice: `<pod uid>/<container>/<restarts>`, or an alert's `startsAt`. */
  readonly occurrence: string;
  /** When this occurrence happened, ISO 8601 UTC. */
  readonly occurredAt: string;
  /** The alert's labels for an alert, the owner's otherwise; read by rules. */
  readonly labels: Readonly<Record<string, string>>;
  /** Structured details for templates and messages. */
  readonly facts: JsonObject;
}

/** A facet that was observed before has ended. */
export interface ProblemCleared {
  readonly kind: 'cleared';
  readonly source: string;
  readonly resource: PlacedResource;
  readonly facet: string;
  /** When it ended, ISO 8601 UTC. */
  readonly clearedAt: string;
  /** Why it counts as ended, in words. */
  readonly reason: string;
}
