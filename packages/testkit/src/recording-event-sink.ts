import { AppError, resourceKey } from '@dogwatch/core';
import type { ActiveFacet, ClusterEvent, EventSink } from '@dogwatch/core';

/** An `EventSink` that keeps what it takes, knows which facets are open, and refuses when a test wants it to. */
export class RecordingEventSink implements EventSink {
  /** What was taken, oldest first. */
  readonly events: ClusterEvent[] = [];
  /** What was offered, the refused included. */
  readonly offered: ClusterEvent[] = [];
  private readonly open = new Map<string, { readonly source: string; readonly facet: ActiveFacet }>();
  private refusal: (() => Error) | null = null;

  /** Refuses from now on, as a log does whose store is away; with `isRetryable: false` as one that finds the event wrong. */
  refuse(options: { readonly isRetryable?: boolean; readonly retryAfterMs?: number } = {}): void {
    const { isRetryable = true, retryAfterMs } = options;
    const more = retryAfterMs === undefined ? {} : { retryAfterMs };
    this.refusal = () =>
      new AppError('DW_LOG_UNAVAILABLE', 'The recording sink refuses. Call accept() to let it take events again.', {
        isRetryable,
        ...more,
      });
  }

  /** Takes events again. */
  accept(): void {
    this.refusal = null;
  }

  /** Says that a source raised a facet before: what the log of an earlier process would know. */
  seed(source: string, facet: ActiveFacet): void {
    this.open.set(keyOf(source, facet), { source, facet });
  }

  emit(event: ClusterEvent): Promise<void> {
    this.offered.push(event);
    if (this.refusal) return Promise.reject(this.refusal());
    this.events.push(event);
    if (event.kind === 'cleared') this.open.delete(keyOf(event.source, event));
    else this.seed(event.source, event);
    return Promise.resolve();
  }

  activeFacets(source: string): readonly ActiveFacet[] {
    return [...this.open.values()].filter((one) => one.source === source).map((one) => one.facet);
  }

  /** What was taken since the last call. */
  drain(): readonly ClusterEvent[] {
    return this.events.splice(0);
  }
}

function keyOf(source: string, about: Pick<ClusterEvent, 'resource' | 'facet'>): string {
  return `${source}#${resourceKey(about.resource)}#${about.facet}`;
}
