import { definePort } from '../di/define-port.js';
import type { StoredEvent } from './incident-log.js';

/** Somebody who wants to be told of every event of the log. */
export interface LogSubscription {
  /** For messages and logs: `MessageHandler`. */
  readonly name: string;
  /** Events after this position are told; `now` = those appended after this call, or after the tail has started. */
  readonly afterPosition: number | 'now';
  /**
   * Takes 1 to 1,000 events in order of position; the next batch waits until it resolves. When it rejects, that is logged
   * once and the same events come again after a growing pause, so what it does must bear repetition.
   */
  handle(events: readonly StoredEvent[]): Promise<void>;
}

/**
 * Tells of the log as it grows.
 *
 * Every subscriber gets every event after its position, in order of position, and never again in this process once
 * `handle` has resolved. Subscribing is allowed before the tail starts, for example in a constructor; events flow from
 * then on. Subscribers do not wait for each other.
 */
export interface LogTail {
  /** Subscribes; the answer unsubscribes: `handle` is not called any more, a call that is running goes on. */
  subscribe(subscription: LogSubscription): () => void;
}

/** Tells of the log as it grows. */
export const LogTail = definePort<LogTail>('core.LogTail');
