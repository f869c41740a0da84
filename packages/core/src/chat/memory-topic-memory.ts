import { inject, injectable } from '../di/inject.js';
import type { JsonObject } from '../domain/json.js';
import { Clock } from '../ports/clock.js';
import type { TopicMemory } from '../ports/topic-memory.js';

/** How long a topic is remembered after it was last spoken of. */
export const TOPIC_TTL_MS = 10 * 60_000;
const maxConversations = 5_000;

interface Remembered {
  readonly topic: JsonObject;
  readonly until: number;
}

/** Remembers topics in this process alone. */
@injectable()
export class MemoryTopicMemory implements TopicMemory {
  // Oldest first: what is remembered anew moves to the end.
  private readonly topics = new Map<string, Remembered>();

  constructor(@inject(Clock) private readonly clock: Clock) {}

  recall(conversation: string): Promise<JsonObject | null> {
    const found = this.topics.get(conversation);
    return Promise.resolve(found !== undefined && this.clock.now() < found.until ? found.topic : null);
  }

  remember(conversation: string, topic: JsonObject): Promise<void> {
    this.topics.delete(conversation);
    this.topics.set(conversation, { topic, until: this.clock.now() + TOPIC_TTL_MS });
    this.forget();
    return Promise.resolve();
  }

  private forget(): void {
    const now = this.clock.now();
    for (const [conversation, { until }] of this.topics) {
      if (until > now && this.topics.size <= maxConversations) return;
      this.topics.delete(conversation);
    }
  }
}
