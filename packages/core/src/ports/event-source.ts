import { defineExtensionPoint } from '../di/define-port.js';
import type { ClusterEvent } from '../domain/cluster-event.js';
import type { PlacedResource } from '../domain/resource-reference.js';

/** A facet of an open incident that this source raised and has not cleared yet. */
export interface ActiveFacet {
  readonly resource: PlacedResource;
  readonly facet: string;
  readonly eventType: string;
  /** Occurrence and time of its newest observation. */
  readonly occurrence: string;
  readonly occurredAt: string;
}

/** Where a source puts what it sees. */
export interface EventSink {
  /**
   * Takes an event. Resolves when it is durable or coalesced with one that is; events of one key keep their order.
   * Rejects with a retryable error while the store is not available: the source keeps it and tries again.
   */
  emit(event: ClusterEvent): Promise<void>;
  /** What this source has open, as the log knows it: what it must clear one day, also after a restart. */
  activeFacets(source: string): readonly ActiveFacet[];
}

/** Yields cluster events: the watch loop, Alertmanager, yours. */
export interface EventSource {
  /** Stable; the `source` of its events. */
  readonly name: string;
  /** Whether each cluster is led apart, so that replicas can divide the clusters among them; absent: all of it is led by one. */
  readonly isPerCluster?: boolean;
  /**
   * Begins to emit, after the incidents have been read from the log: while this process leads. Called again, after a `stop`,
   * when it leads again; other replicas have led meanwhile, so what is open is asked from the sink anew.
   *
   * A source that is led per cluster is started for each cluster that this process leads; `cluster` names it, absent = all.
   */
  start(sink: EventSink, signal: AbortSignal, cluster?: string): Promise<void>;
  /** Emits nothing more, of that cluster or, without a name, at all; idempotent. */
  stop(cluster?: string): Promise<void>;
}
export const EventSource = defineExtensionPoint<EventSource>('core.EventSource');
