import {
  checkChatMessage,
  checkDeletion,
  checkMessagesQuery,
  checkSetting,
  inject,
  injectable,
  settingOwnerName,
} from '@dogwatch/core';
import type {
  Actor,
  ChatMessage,
  ChatUser,
  Conversation,
  ConversationStore,
  JsonValue,
  MessagesQuery,
  NewChatMessage,
  SettingOwner,
} from '@dogwatch/core';
import { insertMessage, selectLastMessages } from './message-rows.js';
import { StoreFile } from './store-file.js';

/** Conversations in the store's file. */
@injectable()
export class SqliteConversationStore implements ConversationStore {
  constructor(@inject(StoreFile) private readonly file: StoreFile) {}

  async append(message: NewChatMessage): Promise<ChatMessage> {
    const checked = structuredClone(checkChatMessage(message));
    return this.file.write((connection) => insertMessage(connection, checked));
  }

  async lastMessages(query: MessagesQuery): Promise<readonly ChatMessage[]> {
    checkMessagesQuery(query);
    const { conversation, limit, before = Number.MAX_SAFE_INTEGER } = query;
    return selectLastMessages(this.file.connection, { conversation, limit, before });
  }

  async findConversation(id: string): Promise<Conversation | null> {
    const sql = 'SELECT channel_type, room, thread, started_at FROM conversations WHERE id = ?';
    const row = this.file.connection.get(sql, id);
    if (row === null) return null;
    const place = { channelType: String(row['channel_type']), room: String(row['room']) };
    const destination = row['thread'] === null ? place : { ...place, thread: String(row['thread']) };
    return { id, destination, startedAt: String(row['started_at']) };
  }

  async findUser(actor: Actor): Promise<ChatUser | null> {
    const { channelType, userId } = actor;
    const sql = 'SELECT first_seen_at, last_seen_at FROM users WHERE channel_type = ? AND user_id = ?';
    const row = this.file.connection.get(sql, channelType, userId);
    if (row === null) return null;
    return {
      actor: { channelType, userId },
      firstSeenAt: String(row['first_seen_at']),
      lastSeenAt: String(row['last_seen_at']),
    };
  }

  async getSetting(owner: SettingOwner, name: string): Promise<JsonValue> {
    const sql = 'SELECT value FROM settings WHERE owner = ? AND name = ?';
    const row = this.file.connection.get(sql, settingOwnerName(owner), name);
    return row === null ? null : (JSON.parse(String(row['value'])) as JsonValue);
  }

  async putSetting(owner: SettingOwner, name: string, value: JsonValue): Promise<void> {
    const key = settingOwnerName(owner);
    const checked = checkSetting(name, value);
    const upsert =
      'INSERT INTO settings VALUES (?, ?, ?) ON CONFLICT (owner, name) DO UPDATE SET value = excluded.value';
    await this.file.write((connection) =>
      checked === null
        ? connection.run('DELETE FROM settings WHERE owner = ? AND name = ?', key, name)
        : connection.run(upsert, key, name, JSON.stringify(checked)),
    );
  }

  async deleteMessagesBefore(at: string, limit: number): Promise<number> {
    const until = checkDeletion(at, limit);
    return this.file.write((connection) => {
      const oldest = 'SELECT sequence FROM messages WHERE at < ? ORDER BY at, sequence LIMIT ?';
      return connection.all(`DELETE FROM messages WHERE sequence IN (${oldest}) RETURNING sequence`, until, limit)
        .length;
    });
  }
}
