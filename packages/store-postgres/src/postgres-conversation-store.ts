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
import type { QueryResultRow } from 'pg';
import { insertMessage, selectLastMessages } from './message-rows.js';
import { PostgresDatabase, type Statement } from './postgres-database.js';

// A key that no store can hold is one that it does not have; PostgreSQL would refuse the question.
const isStorable = (...texts: readonly string[]): boolean => texts.every((text) => !/[\0\ud800-\udfff]/u.test(text));

/** Conversations in PostgreSQL. */
@injectable()
export class PostgresConversationStore implements ConversationStore {
  constructor(@inject(PostgresDatabase) private readonly database: PostgresDatabase) {}

  async append(message: NewChatMessage): Promise<ChatMessage> {
    const checked = structuredClone(checkChatMessage(message));
    return this.database.transaction('', (queries) => insertMessage(queries, checked));
  }

  async lastMessages(query: MessagesQuery): Promise<readonly ChatMessage[]> {
    checkMessagesQuery(query);
    const { conversation, limit, before = Number.MAX_SAFE_INTEGER } = query;
    if (!isStorable(conversation)) return [];
    return selectLastMessages(this.database, { conversation, limit, before });
  }

  async findConversation(id: string): Promise<Conversation | null> {
    if (!isStorable(id)) return null;
    const text = 'SELECT channel_type, room, thread, started_at FROM conversations WHERE id = $1';
    const row = await this.first({ text, values: [id] });
    if (row === null) return null;
    const place = { channelType: String(row['channel_type']), room: String(row['room']) };
    const destination = row['thread'] === null ? place : { ...place, thread: String(row['thread']) };
    return { id, destination, startedAt: String(row['started_at']) };
  }

  async findUser({ channelType, userId }: Actor): Promise<ChatUser | null> {
    if (!isStorable(channelType, userId)) return null;
    const text = 'SELECT first_seen_at, last_seen_at FROM users WHERE channel_type = $1 AND user_id = $2';
    const row = await this.first({ text, values: [channelType, userId] });
    if (row === null) return null;
    return {
      actor: { channelType, userId },
      firstSeenAt: String(row['first_seen_at']),
      lastSeenAt: String(row['last_seen_at']),
    };
  }

  async getSetting(owner: SettingOwner, name: string): Promise<JsonValue> {
    const key = settingOwnerName(owner);
    if (!isStorable(key, name)) return null;
    const row = await this.first({
      text: 'SELECT value FROM settings WHERE owner = $1 AND name = $2',
      values: [key, name],
    });
    return row === null ? null : (row['value'] as JsonValue);
  }

  async putSetting(owner: SettingOwner, name: string, value: JsonValue): Promise<void> {
    const key = settingOwnerName(owner);
    const checked = checkSetting(name, value);
    const remove = 'DELETE FROM settings WHERE owner = $1 AND name = $2';
    const upsert = `INSERT INTO settings (owner, name, value) VALUES ($1, $2, $3)
      ON CONFLICT (owner, name) DO UPDATE SET value = excluded.value`;
    await this.database.rows(
      checked === null
        ? { text: remove, values: [key, name] }
        : { text: upsert, values: [key, name, JSON.stringify(checked)] },
    );
  }

  async deleteMessagesBefore(at: string, limit: number): Promise<number> {
    const until = checkDeletion(at, limit);
    // Replicas that clean up at once take different messages.
    const oldest = 'SELECT sequence FROM messages WHERE at < $1 ORDER BY at, sequence LIMIT $2 FOR UPDATE SKIP LOCKED';
    const text = `DELETE FROM messages WHERE sequence IN (${oldest}) RETURNING sequence`;
    return (await this.database.rows({ text, values: [until, limit] })).length;
  }

  private async first(statement: Statement): Promise<QueryResultRow | null> {
    const rows = await this.database.rows(statement);
    return rows[0] ?? null;
  }
}
