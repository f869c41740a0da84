import { defineExtensionPoint } from '../di/define-port.js';
import type { JsonObject } from '../domain/json.js';
import type { Destination } from '../domain/outgoing-message.js';

/** What a thread is about. */
export interface ThreadSubject {
  readonly incidentId: string;
  /** What "it" and "its logs" mean there as long as nothing else was spoken of, as `IntentContext.remember` takes it. */
  readonly topic: JsonObject | null;
}

/** Knows what the threads are about that a message of Dogwatch began; a convenience, never a right to anything. */
export interface ThreadSource {
  /** `null` for a place that is no thread, or not one it knows. */
  find(destination: Destination): Promise<ThreadSubject | null>;
}
export const ThreadSource = defineExtensionPoint<ThreadSource>('core.ThreadSource');
