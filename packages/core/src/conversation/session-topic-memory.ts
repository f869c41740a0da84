import { inject, injectable } from '../di/inject.js';
import type { JsonObject } from '../domain/json.js';
import type { TopicMemory } from '../ports/topic-memory.js';
import { SessionManager } from './session-manager.js';
import type { SessionPlace } from './session-manager.js';

/** Remembers topics in sessions, so that every replica knows them and a restart forgets none. */
@injectable()
export class SessionTopicMemory implements TopicMemory {
  constructor(@inject(SessionManager) private readonly sessions: SessionManager) {}

  async recall(conversation: string): Promise<JsonObject | null> {
    return (await this.sessions.read(placeOf(conversation))).pending;
  }

  async remember(conversation: string, topic: JsonObject): Promise<void> {
    await this.sessions.change(placeOf(conversation), { pending: topic });
  }
}

// As `conversationOf` names a conversation: channel, room, thread or null, person.
function placeOf(conversation: string): SessionPlace {
  const [channelType, room, thread, userId] = JSON.parse(conversation) as [string, string, string | null, string];
  const destination = thread === null ? { channelType, room } : { channelType, room, thread };
  return { actor: { channelType, userId }, destination };
}
