import { definePort } from '@dogwatch/core';
import type { Actor, EventSink, IncidentSummary } from '@dogwatch/core';
import type { IncidentState } from './incident-state.js';

/** The open incidents, and the one way by which they change. */
export interface Incidents extends EventSink {
  /** Begins a term: folds what is open from the log, follows what other replicas write, and takes events. */
  load(): Promise<void>;
  /** What is open, as of the last append of this process. */
  openIncidents(): readonly IncidentState[];
  /** Acknowledges; repeating it changes nothing. Throws `DW_INCIDENT_UNKNOWN`, or `DW_INCIDENT_RESOLVED` for one that is over. */
  acknowledge(id: string, actor: Actor): Promise<IncidentSummary>;
  /** Closes, whatever is active; an incident that is over already is answered as it is. Throws `DW_INCIDENT_UNKNOWN`. */
  close(id: string, actor: Actor, reason: string | null): Promise<IncidentSummary>;
  /** Ends the term: takes no more events, puts what only memory knows into the log if it can, and forgets the rest. */
  finish(): Promise<void>;
  /** Why the last change could not be stored, or `null` when it was. */
  readonly failure: string | null;
}
/** The open incidents, and the one way by which they change. */
export const Incidents = definePort<Incidents>('aiops.Incidents');
