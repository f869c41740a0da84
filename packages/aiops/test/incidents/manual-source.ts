import type { EventSink, EventSource } from '@dogwatch/core';

/** A source that a test speaks for. */
export class ManualSource implements EventSource {
  sink: EventSink | null = null;
  isStopped = false;
  /** The clusters that it was started for, in order. */
  readonly startedFor: string[] = [];
  /** The clusters that it was stopped for alone. */
  readonly stoppedFor: string[] = [];

  constructor(
    readonly name = 'watch',
    readonly isPerCluster = false,
  ) {}

  start(sink: EventSink, _signal: AbortSignal, cluster?: string): Promise<void> {
    this.sink = sink;
    if (cluster !== undefined) this.startedFor.push(cluster);
    return Promise.resolve();
  }

  stop(cluster?: string): Promise<void> {
    this.isStopped = true;
    if (cluster !== undefined) this.stoppedFor.push(cluster);
    return Promise.resolve();
  }
}
