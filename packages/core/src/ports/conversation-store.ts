import { definePort } from '../di/define-port.js';
import type { Actor } from '../domain/actor.js';
import type { JsonObject, JsonValue } from '../domain/json.js';
import type { Destination } from '../domain/outgoing-message.js';

/** Who a message is by: a person, or Dogwatch. */
export type ChatRole = 'user' | 'assistant';

/** A message to be kept. */
export interface NewChatMessage {
  /** Where it was written; its conversation is what `conversationKey` says. */
  readonly destination: Destination;
  readonly role: ChatRole;
  readonly actor: Actor;
  readonly text: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** The channel's own id of the message; a second message of the conversation with the same one is not kept. */
  readonly externalId: string | null;
  readonly metadata: JsonObject;
}

/** A message as it was kept. */
export interface ChatMessage extends NewChatMessage {
  /** As `conversationKey` names it. */
  readonly conversation: string;
  /** Grows with every message that is kept, over all conversations, with gaps. */
  readonly sequence: number;
}

/** A place where something was said. Times are ISO 8601 UTC. */
export interface Conversation {
  readonly id: string;
  readonly destination: Destination;
  readonly startedAt: string;
}

/** Somebody who has written. Times are those of the first and last message kept. */
export interface ChatUser {
  readonly actor: Actor;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
}

/** What a setting belongs to: a person, or a channel's room with all its threads. */
export type SettingOwner =
  | { readonly kind: 'user'; readonly actor: Actor }
  | { readonly kind: 'channel'; readonly channelType: string; readonly room: string };

/** Which messages of a conversation. */
export interface MessagesQuery {
  readonly conversation: string;
  /** How many at most, 1 to 500. */
  readonly limit: number;
  /** Only messages with a smaller sequence. */
  readonly before?: number;
}

/**
 * Keeps users, conversations, their messages, and settings of users and channels.
 *
 * Texts may hold anything; a NUL or a lone surrogate comes back as U+FFFD. Throws `DW_CONVERSATION_INVALID` for what
 * cannot be kept; infrastructure failures are an `AppError` with `isRetryable`.
 */
export interface ConversationStore {
  /**
   * Keeps a message, and its conversation and the one who wrote it where they are new. A repeated `externalId` answers
   * the message that was kept first.
   */
  append(message: NewChatMessage): Promise<ChatMessage>;
  /** The last messages of a conversation, oldest first; none for a conversation that does not exist. */
  lastMessages(query: MessagesQuery): Promise<readonly ChatMessage[]>;
  /** The conversation with this key, or `null`. */
  findConversation(id: string): Promise<Conversation | null>;
  /** Somebody who has written, or `null`. */
  findUser(actor: Actor): Promise<ChatUser | null>;
  /** A setting, or `null` when it is not set. */
  getSetting(owner: SettingOwner, name: string): Promise<JsonValue>;
  /** Sets a setting; `null` unsets it. */
  putSetting(owner: SettingOwner, name: string, value: JsonValue): Promise<void>;
  /** Deletes up to `limit` messages older than a time, oldest first; answers how many. Users, conversations and settings stay. */
  deleteMessagesBefore(at: string, limit: number): Promise<number>;
}

/** Keeps users, conversations, their messages, and settings of users and channels. */
export const ConversationStore = definePort<ConversationStore>('core.ConversationStore');
