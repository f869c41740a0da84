import type { ActiveFacet, ClusterEvent, PlacedResource } from '@dogwatch/core';
import { alertFacet, describeAlert } from './alert-event.js';
import type { ReceivedAlert } from './alert-payload.js';

type KnownAlert = Pick<ActiveFacet, 'resource' | 'occurrence' | 'occurredAt'>;

/** Knows which alerts fire, so that what Alertmanager sends again, in pairs and late, is told once. */
export class AlertBook {
  private readonly active: Map<string, KnownAlert>;

  /** `messages` outlives the book: what active alerts said last. */
  constructor(
    facets: readonly ActiveFacet[],
    private readonly messages: Map<string, string>,
  ) {
    this.active = new Map(facets.map((facet) => [facet.facet, facet]));
    for (const facet of messages.keys()) if (!this.active.has(facet)) messages.delete(facet);
  }

  /** Whether the alert says something that was not told before. */
  isNews(alert: ReceivedAlert): boolean {
    const facet = alertFacet(alert);
    const known = this.active.get(facet);
    if (known === undefined) return alert.status === 'firing';
    // Another replica's word on an earlier firing, told late.
    if (Date.parse(alert.startsAt) < Date.parse(known.occurredAt)) return false;
    if (alert.status === 'resolved' || known.occurrence !== alert.startsAt) return true;
    const said = this.messages.get(facet);
    this.messages.set(facet, describeAlert(alert));
    return said !== undefined && said !== describeAlert(alert);
  }

  /** Where the alert fires already, or `null`. */
  resourceOf(alert: ReceivedAlert): PlacedResource | null {
    return this.active.get(alertFacet(alert))?.resource ?? null;
  }

  /** Notes what is being told. */
  note(event: ClusterEvent): void {
    if (event.kind === 'cleared') {
      this.active.delete(event.facet);
      this.messages.delete(event.facet);
      return;
    }
    this.active.set(event.facet, event);
    this.messages.set(event.facet, event.message);
  }
}
