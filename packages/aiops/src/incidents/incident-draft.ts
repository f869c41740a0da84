import type { Actor, NewEvent } from '@dogwatch/core';
import { SYSTEM_ACTOR } from '@dogwatch/core';
import { incidentEvent } from './incident-events.js';
import type { IncidentEventData, IncidentEventType } from './incident-events.js';
import { applyIncidentEvent } from './incident-state.js';
import type { IncidentState } from './incident-state.js';

/** Where a draft begins. */
export interface DraftStart {
  readonly id: string;
  /** `null` for an incident that does not exist yet. */
  readonly state: IncidentState | null;
  readonly version: number;
  /** Time of the events, ISO 8601 UTC. */
  readonly at: string;
}

/** Events that are about to be appended to one incident, and the state that they will make. */
export class IncidentDraft {
  readonly id: string;
  readonly at: string;
  /** Events that the stream holds already. */
  readonly baseVersion: number;
  readonly before: IncidentState | null;
  readonly events: NewEvent[] = [];
  private current: IncidentState | null;

  constructor(start: DraftStart) {
    this.id = start.id;
    this.at = start.at;
    this.baseVersion = start.version;
    this.before = start.state;
    this.current = start.state;
  }

  /** The state with all events so far. */
  get state(): IncidentState {
    if (this.current === null) throw new TypeError(`Incident '${this.id}' has no 'opened' event yet.`);
    return this.current;
  }

  /** Version that the newest event will have. */
  get version(): number {
    return this.baseVersion + this.events.length;
  }

  add<T extends IncidentEventType>(type: T, data: IncidentEventData[T], actor: Actor = SYSTEM_ACTOR): void {
    const event = incidentEvent(type, data, { at: this.at, actor });
    this.events.push(event);
    this.current = applyIncidentEvent(this.id, this.current, { ...event, version: this.version });
  }
}
