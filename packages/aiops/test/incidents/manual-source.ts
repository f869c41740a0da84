import type { EventSink, EventSource } from '@dogwatch/core';

/** A source that a test speaks for. */
export class ManualSource implements EventSource {
  sink: EventSink | null = null;
  isStopped = false;

  constructor(readonly name = 'watch') {}

  start(sink: EventSink): Promise<void> {
    this.sink = sink;
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.isStopped = true;
    return Promise.resolve();
  }
}
