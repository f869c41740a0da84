import type { ChatMessage, ChatRole, JsonObject } from '@dogwatch/core';
import type { QueryResultRow } from 'pg';
import type { Queries } from './postgres-database.js';

type CheckedMessage = Omit<ChatMessage, 'sequence'>;

const columns =
  'm.sequence, m.conversation, m.role, m.channel_type, m.user_id, m.text, m.at, m.external_id, m.metadata';
const select = `SELECT ${columns}, c.channel_type AS place_type, c.room, c.thread
  FROM messages m JOIN conversations c ON c.id = m.conversation`;

const insertConversation = `INSERT INTO conversations (id, channel_type, room, thread, started_at)
  VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`;

const insert = `INSERT INTO messages (conversation, role, channel_type, user_id, text, at, external_id, metadata)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (conversation, external_id) WHERE external_id IS NOT NULL DO NOTHING RETURNING sequence`;

const upsertUser = `INSERT INTO users (channel_type, user_id, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $3)
  ON CONFLICT (channel_type, user_id) DO UPDATE SET
    first_seen_at = least(users.first_seen_at, excluded.first_seen_at),
    last_seen_at = greatest(users.last_seen_at, excluded.last_seen_at)`;

/** Keeps a checked message with its conversation and user, or answers the one that has its external id; to be called in a transaction. */
export async function insertMessage(queries: Queries, message: CheckedMessage): Promise<ChatMessage> {
  const { conversation, externalId, destination, actor, at } = message;
  const { channelType, room, thread = null } = destination;
  await queries.rows({ text: insertConversation, values: [conversation, channelType, room, thread, at] });
  const metadata = JSON.stringify(message.metadata);
  const said = [message.role, actor.channelType, actor.userId, message.text, at, externalId, metadata];
  const [row] = await queries.rows({ text: insert, values: [conversation, ...said] });
  if (row === undefined) {
    // The insert has waited for whoever keeps the same message at the same time.
    const byId = `${select} WHERE m.conversation = $1 AND m.external_id = $2`;
    const [earlier] = await queries.rows({ text: byId, values: [conversation, externalId] });
    return toMessage(earlier as QueryResultRow);
  }
  await queries.rows({ text: upsertUser, values: [actor.channelType, actor.userId, at] });
  return { ...message, sequence: Number(row['sequence']) };
}

/** The last messages of a conversation, oldest first. */
export async function selectLastMessages(
  queries: Queries,
  query: { readonly conversation: string; readonly limit: number; readonly before: number },
): Promise<readonly ChatMessage[]> {
  const text = `${select} WHERE m.conversation = $1 AND m.sequence < $2 ORDER BY m.sequence DESC LIMIT $3`;
  const rows = await queries.rows({ text, values: [query.conversation, query.before, query.limit] });
  return rows.map(toMessage).reverse();
}

function toMessage(row: QueryResultRow): ChatMessage {
  const place = { channelType: String(row['place_type']), room: String(row['room']) };
  return {
    destination: row['thread'] === null ? place : { ...place, thread: String(row['thread']) },
    role: row['role'] as ChatRole,
    actor: { channelType: String(row['channel_type']), userId: String(row['user_id']) },
    text: String(row['text']),
    at: String(row['at']),
    externalId: row['external_id'] as string | null,
    metadata: row['metadata'] as JsonObject,
    conversation: String(row['conversation']),
    sequence: Number(row['sequence']),
  };
}
