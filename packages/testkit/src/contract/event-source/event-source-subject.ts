import assert from 'node:assert/strict';
import { resourceKey } from '@dogwatch/core';
import type { ClusterEvent, EventSource } from '@dogwatch/core';
import type { ManualClock } from '../../manual-clock.js';
import type { RecordingEventSink } from '../../recording-event-sink.js';

/** The world that an event source looks at, as far as the contract moves it. */
export interface EventSourceWorld {
  /** Something called `name` gets into trouble. */
  trouble(name: string): Promise<void> | void;
  /** The trouble of `name` occurs once more; distinct from what occurred before. */
  again(name: string): Promise<void> | void;
  /** Something about `name` changes that is no new occurrence: an update, a resend. */
  touch(name: string): Promise<void> | void;
  /** The trouble of `name` is over. */
  end(name: string): Promise<void> | void;
}

/** What the contract of `EventSource` is run on. */
export interface EventSourceSubject {
  /** A source that has not been started. */
  readonly source: EventSource;
  /** Another one on the same world, as after a restart of the process. */
  readonly restarted: () => EventSource;
  readonly world: EventSourceWorld;
  readonly sink: RecordingEventSink;
  readonly clock: ManualClock;
  /** How long everything that follows from a change may take, the time that a trouble must be over included. */
  readonly settleMs: number;
}

/** Starts a source on the subject's sink; answers what stops it by its signal. */
export async function start(subject: EventSourceSubject, source = subject.source): Promise<AbortController> {
  const abort = new AbortController();
  await source.start(subject.sink, abort.signal);
  await settle(subject);
  return abort;
}

/** Lets all that is due happen. */
export async function settle(subject: EventSourceSubject): Promise<void> {
  await subject.clock.advance(subject.settleMs);
}

/** The occurrences told, in order. */
export function occurrences(events: readonly ClusterEvent[]): readonly string[] {
  return events.flatMap((event) => (event.kind === 'observed' ? [event.occurrence] : []));
}

/** The kinds of the events of a sink that has one key, in order. */
export function kinds(events: readonly ClusterEvent[]): readonly string[] {
  const keys = new Set(events.map((event) => `${resourceKey(event.resource)} ${event.facet}`));
  assert.ok(keys.size <= 1, `expected one facet, got ${[...keys].join(', ')}`);
  return events.map((event) => event.kind);
}
