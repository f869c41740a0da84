import { definePort } from '@dogwatch/core';
import type { Actor, EventSink, IncidentSummary } from '@dogwatch/core';
import type { IncidentState } from './incident-state.js';

/** What this process leads for a while: a cluster, or what is of no cluster. */
export interface Duty {
  /** Whether what rules set off for incidents of this cluster is carried out here. */
  covers(cluster: string): boolean;
  /** Aborts when the duty is over. */
  readonly signal: AbortSignal;
}

/** The open incidents, and the one way by which they change. */
export interface Incidents extends EventSink {
  /**
   * Takes on a duty: reads what is open from the log, follows what other replicas write, takes events, and has carried out
   * what rules set off for what the duty covers, also what was left undone before.
   */
  take(duty: Duty): Promise<void>;
  /** What is open, as of the last append of this process. */
  openIncidents(): readonly IncidentState[];
  /** Acknowledges; repeating it changes nothing. Throws `DW_INCIDENT_UNKNOWN`, or `DW_INCIDENT_RESOLVED` for one that is over. */
  acknowledge(id: string, actor: Actor): Promise<IncidentSummary>;
  /** Closes, whatever is active; an incident that is over already is answered as it is. Throws `DW_INCIDENT_UNKNOWN`. */
  close(id: string, actor: Actor, reason: string | null): Promise<IncidentSummary>;
  /**
   * Ends a duty: puts what only memory knows of it into the log if it can. With the last duty no more events are taken, and the
   * rest is forgotten.
   */
  giveBack(duty: Duty): Promise<void>;
  /** Why the last change could not be stored, or `null` when it was. */
  readonly failure: string | null;
}
/** The open incidents, and the one way by which they change. */
export const Incidents = definePort<Incidents>('aiops.Incidents');
