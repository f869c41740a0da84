import { MemoryConversationStore } from '@dogwatch/core';
import type {
  Actor,
  ChatMessage,
  ChatUser,
  Conversation,
  JsonValue,
  MessagesQuery,
  NewChatMessage,
  SettingOwner,
} from '@dogwatch/core';

/** Forgets metadata. */
export class NoMetadata extends MemoryConversationStore {
  override append(message: NewChatMessage): Promise<ChatMessage> {
    return super.append({ ...message, metadata: {} });
  }
}

/** Gives the newest first. */
export class NewestFirst extends MemoryConversationStore {
  override async lastMessages(query: MessagesQuery): Promise<readonly ChatMessage[]> {
    return [...(await super.lastMessages(query))].reverse();
  }
}

/** Takes a thread for its room. */
export class NoThreads extends MemoryConversationStore {
  override append(message: NewChatMessage): Promise<ChatMessage> {
    const { channelType, room } = message.destination;
    return super.append({ ...message, destination: { channelType, room } });
  }
}

/** Keeps every delivery. */
export class NoDuplicates extends MemoryConversationStore {
  override append(message: NewChatMessage): Promise<ChatMessage> {
    return super.append({ ...message, externalId: null });
  }
}

/** Keeps only one of the messages that come at once. */
export class LastOneWins extends MemoryConversationStore {
  private latest: Promise<ChatMessage> | null = null;

  override append(message: NewChatMessage): Promise<ChatMessage> {
    this.latest ??= super.append(message).finally(() => (this.latest = null));
    return this.latest;
  }
}

/** Hands out, and keeps, what it was given. */
export class SharedMessages extends MemoryConversationStore {
  private readonly shared: ChatMessage[] = [];

  override async append(message: NewChatMessage): Promise<ChatMessage> {
    const kept = { ...message, conversation: 'shared', sequence: this.shared.length + 1 };
    this.shared.push(kept);
    return kept;
  }

  override async lastMessages(): Promise<readonly ChatMessage[]> {
    return this.shared;
  }
}

/** Deletes everything at once. */
export class DeletesAll extends MemoryConversationStore {
  override deleteMessagesBefore(): Promise<number> {
    return super.deleteMessagesBefore('2100-01-01T00:00:00Z', 10_000);
  }
}

/** Knows no conversation. */
export class NoConversations extends MemoryConversationStore {
  override async findConversation(): Promise<Conversation | null> {
    return null;
  }
}

/** Takes people of all channels for one. */
export class NoChannels extends MemoryConversationStore {
  override findUser(actor: Actor): Promise<ChatUser | null> {
    return super.findUser({ ...actor, channelType: 'slack' });
  }
}

/** Never unsets a setting. */
export class StickySettings extends MemoryConversationStore {
  override async putSetting(owner: SettingOwner, name: string, value: JsonValue): Promise<void> {
    if (value !== null) await super.putSetting(owner, name, value);
  }
}

/** Has the same settings for all. */
export class SettingsForAll extends MemoryConversationStore {
  private readonly owner: SettingOwner = { kind: 'channel', channelType: 'all', room: 'all' };

  override getSetting(_owner: SettingOwner, name: string): Promise<JsonValue> {
    return super.getSetting(this.owner, name);
  }

  override putSetting(_owner: SettingOwner, name: string, value: JsonValue): Promise<void> {
    return super.putSetting(this.owner, name, value);
  }
}
