import { injectable } from '../di/inject.js';
import type { Actor } from '../domain/actor.js';
import type { JsonValue } from '../domain/json.js';
import type {
  ChatMessage,
  ChatUser,
  Conversation,
  ConversationStore,
  MessagesQuery,
  NewChatMessage,
  SettingOwner,
} from '../ports/conversation-store.js';
import {
  checkChatMessage,
  checkDeletion,
  checkMessagesQuery,
  checkSetting,
  settingOwnerName,
} from './check-conversation.js';

/** Conversations in this process, gone with it. */
@injectable()
export class MemoryConversationStore implements ConversationStore {
  private messages: ChatMessage[] = [];
  private sequence = 0;
  private readonly conversations = new Map<string, Conversation>();
  private readonly users = new Map<string, ChatUser>();
  private readonly settings = new Map<string, JsonValue>();

  async append(message: NewChatMessage): Promise<ChatMessage> {
    const checked = checkChatMessage(message);
    const { conversation, externalId, destination, actor, at } = checked;
    const earlier = this.messages.find(
      (one) => externalId !== null && one.externalId === externalId && one.conversation === conversation,
    );
    if (earlier !== undefined) return structuredClone(earlier);
    const kept = { ...checked, sequence: ++this.sequence };
    this.messages.push(kept);
    if (!this.conversations.has(conversation)) {
      this.conversations.set(conversation, { id: conversation, destination, startedAt: at });
    }
    this.see(actor, at);
    return structuredClone(kept);
  }

  async lastMessages(query: MessagesQuery): Promise<readonly ChatMessage[]> {
    checkMessagesQuery(query);
    const { conversation, limit, before = Infinity } = query;
    const all = this.messages.filter((one) => one.conversation === conversation && one.sequence < before);
    return structuredClone(all.slice(-limit));
  }

  async findConversation(id: string): Promise<Conversation | null> {
    return structuredClone(this.conversations.get(id) ?? null);
  }

  async findUser(actor: Actor): Promise<ChatUser | null> {
    return structuredClone(this.users.get(settingOwnerName({ kind: 'user', actor })) ?? null);
  }

  async getSetting(owner: SettingOwner, name: string): Promise<JsonValue> {
    return structuredClone(this.settings.get(settingKey(owner, name)) ?? null) as JsonValue;
  }

  async putSetting(owner: SettingOwner, name: string, value: JsonValue): Promise<void> {
    const key = settingKey(owner, name);
    const checked = checkSetting(name, value);
    if (checked === null) this.settings.delete(key);
    else this.settings.set(key, checked);
  }

  async deleteMessagesBefore(at: string, limit: number): Promise<number> {
    const until = checkDeletion(at, limit);
    const old = this.messages.filter((one) => one.at < until).sort((a, b) => (a.at < b.at ? -1 : 1));
    const doomed = new Set(old.slice(0, limit));
    this.messages = this.messages.filter((one) => !doomed.has(one));
    return doomed.size;
  }

  private see(actor: Actor, at: string): void {
    const key = settingOwnerName({ kind: 'user', actor });
    const { firstSeenAt = at, lastSeenAt = at } = this.users.get(key) ?? {};
    this.users.set(key, {
      actor,
      firstSeenAt: at < firstSeenAt ? at : firstSeenAt,
      lastSeenAt: at > lastSeenAt ? at : lastSeenAt,
    });
  }
}

function settingKey(owner: SettingOwner, name: string): string {
  return JSON.stringify([settingOwnerName(owner), name]);
}
