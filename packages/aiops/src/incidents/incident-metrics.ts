import type { ClusterEvent, Counter, Gauge, Metrics } from '@dogwatch/core';
import type { IncidentDraft } from './incident-draft.js';
import { summarizeIncident } from './summarize-incident.js';

/** Counts what happens to incidents. */
export class IncidentMetrics {
  private readonly incidents: Counter;
  private readonly events: Counter;
  private readonly openIncidents: Gauge;

  constructor(metrics: Metrics) {
    this.incidents = metrics.counter({
      name: 'dogwatch_incidents_total',
      help: 'Incidents by what happened to them.',
      labels: ['change', 'event_type', 'severity'],
    });
    this.events = metrics.counter({
      name: 'dogwatch_cluster_events_total',
      help: 'Events that sources gave to the incident pipeline.',
      labels: ['source', 'kind'],
    });
    this.openIncidents = metrics.gauge({
      name: 'dogwatch_incidents_open',
      help: 'Incidents that are not resolved.',
    });
  }

  countEvent({ source, kind }: ClusterEvent): void {
    this.events.increment({ source, kind });
  }

  countChange(draft: IncidentDraft): void {
    const { eventType, severity } = summarizeIncident(draft.state);
    for (const { type } of draft.events) {
      if (type !== 'opened' && type !== 'reopened' && type !== 'resolved') continue;
      this.incidents.increment({ change: type, event_type: eventType, severity });
    }
  }

  setOpen(count: number): void {
    this.openIncidents.set(count);
  }
}
