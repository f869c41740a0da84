import { definePort } from '../di/define-port.js';
import type { JsonObject } from '../domain/json.js';

/**
 * Remembers for a while what each conversation was last about, so that "and in staging?" means something.
 *
 * A convenience, never a truth: entries run out by themselves and may be lost at any time.
 */
export interface TopicMemory {
  /** What was remembered last, or `null` when nothing was, or its time is over. */
  recall(conversation: string): Promise<JsonObject | null>;
  /** Replaces what was remembered and starts its time anew. */
  remember(conversation: string, topic: JsonObject): Promise<void>;
}
export const TopicMemory = definePort<TopicMemory>('core.TopicMemory');
