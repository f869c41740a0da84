import type { ChatMessage, ChatRole, JsonObject } from '@dogwatch/core';
import type { SqliteConnection, SqlRow } from './sqlite-connection.js';

type CheckedMessage = Omit<ChatMessage, 'sequence'>;

const columns =
  'm.sequence, m.conversation, m.role, m.channel_type, m.user_id, m.text, m.at, m.external_id, m.metadata';
const select = `SELECT ${columns}, c.channel_type AS place_type, c.room, c.thread
  FROM messages m JOIN conversations c ON c.id = m.conversation`;

/** Keeps a checked message with its conversation and user, or answers the one that has its external id; to be called in a transaction. */
export function insertMessage(connection: SqliteConnection, message: CheckedMessage): ChatMessage {
  const { conversation, externalId, destination, actor, at } = message;
  const earlier =
    externalId === null
      ? null
      : connection.get(`${select} WHERE m.conversation = ? AND m.external_id = ?`, conversation, externalId);
  if (earlier !== null) return toMessage(earlier);
  connection.run(
    'INSERT INTO conversations VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    conversation,
    destination.channelType,
    destination.room,
    destination.thread ?? null,
    at,
  );
  connection.run(
    `INSERT INTO users VALUES (?, ?, ?, ?) ON CONFLICT (channel_type, user_id) DO UPDATE SET
       first_seen_at = min(first_seen_at, excluded.first_seen_at), last_seen_at = max(last_seen_at, excluded.last_seen_at)`,
    actor.channelType,
    actor.userId,
    at,
    at,
  );
  const sequence = connection.run(
    'INSERT INTO messages VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)',
    conversation,
    message.role,
    actor.channelType,
    actor.userId,
    message.text,
    at,
    externalId,
    JSON.stringify(message.metadata),
  );
  return { ...message, sequence };
}

/** The last messages of a conversation, oldest first. */
export function selectLastMessages(
  connection: SqliteConnection,
  query: { readonly conversation: string; readonly limit: number; readonly before: number },
): readonly ChatMessage[] {
  const sql = `${select} WHERE m.conversation = ? AND m.sequence < ? ORDER BY m.sequence DESC LIMIT ?`;
  return connection.all(sql, query.conversation, query.before, query.limit).map(toMessage).reverse();
}

function toMessage(row: SqlRow): ChatMessage {
  const place = { channelType: String(row['place_type']), room: String(row['room']) };
  return {
    destination: row['thread'] === null ? place : { ...place, thread: String(row['thread']) },
    role: row['role'] as ChatRole,
    actor: { channelType: String(row['channel_type']), userId: String(row['user_id']) },
    text: String(row['text']),
    at: String(row['at']),
    externalId: (row['external_id'] ?? null) as string | null,
    metadata: JSON.parse(String(row['metadata'])) as JsonObject,
    conversation: String(row['conversation']),
    sequence: Number(row['sequence']),
  };
}
