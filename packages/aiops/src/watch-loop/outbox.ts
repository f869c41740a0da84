import { isAppError, resourceKey } from '@dogwatch/core';
import type { Clock, ClusterEvent, EventSink, Gauge, Logger, Timer } from '@dogwatch/core';

const firstRetryMs = 250;
const longestRetryMs = 15_000;
/** A sink that takes events again is not flooded: each success lets this many more try. */
const wokenPerSuccess = 20;

interface Lane {
  readonly key: string;
  /** What waits, by facet: at most one observation and one clearing each, in the order in which they happened. */
  readonly waiting: Map<string, ClusterEvent[]>;
  isSending: boolean;
  retry: Timer | null;
  failures: number;
}

/** What an outbox works with. */
export interface OutboxOptions {
  readonly sink: EventSink;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told how many owners wait, whenever that may have changed. */
  readonly waiting: Pick<Gauge, 'set'>;
}

/**
 * Gives events to the sink at once, one by one per owner, and keeps what the sink cannot take. What waits is coalesced by
 * owner and facet, so memory is bounded by distinct problems: the newest state wins, and a problem that came and went
 * meanwhile is told as both.
 */
export class Outbox {
  private readonly lanes = new Map<string, Lane>();
  private readonly inFlight = new Set<Promise<void>>();
  private isStopped = false;

  constructor(private readonly options: OutboxOptions) {}

  /** Owners whose events the sink has refused for now. */
  get stalledOwners(): number {
    let stalled = 0;
    for (const lane of this.lanes.values()) if (lane.failures > 0) stalled += 1;
    return stalled;
  }

  put(event: ClusterEvent): void {
    if (this.isStopped) return;
    const key = resourceKey(event.resource);
    let lane = this.lanes.get(key);
    if (!lane) this.lanes.set(key, (lane = { key, waiting: new Map(), isSending: false, retry: null, failures: 0 }));
    const coalesced = coalesce(lane.waiting.get(event.facet) ?? [], event);
    lane.waiting.set(event.facet, coalesced);
    if (!lane.isSending && lane.retry === null) this.sendNext(lane);
  }

  /** Sends nothing more and waits for what is on its way. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (const lane of this.lanes.values()) lane.retry?.cancel();
    await Promise.allSettled([...this.inFlight]);
    this.lanes.clear();
  }

  private sendNext(lane: Lane): void {
    if (this.isStopped) return;
    const entry = [...lane.waiting][0];
    const event = entry?.[1][0];
    if (!entry || !event) {
      this.lanes.delete(lane.key);
      return;
    }
    const rest = entry[1].slice(1);
    lane.waiting.delete(entry[0]);
    if (rest.length > 0) lane.waiting.set(entry[0], rest);
    lane.isSending = true;
    const sending = this.send(lane, event).finally(() => this.inFlight.delete(sending));
    this.inFlight.add(sending);
  }

  private async send(lane: Lane, event: ClusterEvent): Promise<void> {
    let failure: unknown = null;
    try {
      await this.options.sink.emit(event);
    } catch (error) {
      failure = error ?? new Error('The sink rejected without a reason.');
    }
    lane.isSending = false;
    if (failure !== null) {
      this.keep(lane, event, failure);
      return;
    }
    const wasStalled = lane.failures > 0;
    lane.failures = 0;
    this.sendNext(lane);
    if (wasStalled) this.wakeOthers();
    this.options.waiting.set(this.stalledOwners);
  }

  private keep(lane: Lane, event: ClusterEvent, error: unknown): void {
    if (this.isStopped) return;
    const since = lane.waiting.get(event.facet) ?? [];
    let merged: ClusterEvent[] = [event];
    for (const later of since) merged = coalesce(merged, later);
    // Back to the front: what happened first is told first.
    const others = [...lane.waiting].filter(([facet]) => facet !== event.facet);
    lane.waiting.clear();
    lane.waiting.set(event.facet, merged);
    for (const [facet, events] of others) lane.waiting.set(facet, events);
    lane.failures += 1;
    this.logFailure(lane, event, error);
    const backOffMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(lane.failures - 1, 10));
    const delayMs = Math.max(backOffMs, (isAppError(error) ? error.retryAfterMs : undefined) ?? 0);
    lane.retry = this.options.clock.setTimer(() => this.retry(lane), delayMs);
    this.options.waiting.set(this.stalledOwners);
  }

  private retry(lane: Lane): void {
    lane.retry?.cancel();
    lane.retry = null;
    this.sendNext(lane);
  }

  private wakeOthers(): void {
    let woken = 0;
    for (const lane of this.lanes.values()) {
      if (woken >= wokenPerSuccess) return;
      if (lane.retry === null) continue;
      woken += 1;
      this.retry(lane);
    }
  }

  private logFailure(lane: Lane, event: ClusterEvent, error: unknown): void {
    const isRetryable = isAppError(error) && error.isRetryable;
    if (lane.failures > 1 && isRetryable) return;
    const fields = { key: lane.key, facet: event.facet, failures: lane.failures, error };
    if (isRetryable) this.options.logger.warn('event_kept', 'The log cannot take an event now; it is kept', fields);
    else this.options.logger.error('event_refused', 'The log refused an event; it is kept and tried again', fields);
  }
}

/** Adds what happened next to what waits: at most one observation and one clearing, and the newest state last. */
function coalesce(waiting: readonly ClusterEvent[], next: ClusterEvent): ClusterEvent[] {
  const last = waiting.at(-1);
  if (!last) return [next];
  if (last.kind === next.kind) return [...waiting.slice(0, -1), next];
  return waiting.length === 1 ? [last, next] : [next];
}
