import assert from 'node:assert/strict';
import { conversationKey, isAppError } from '@dogwatch/core';
import type { Actor, ChatMessage, ConversationStore, Destination, NewChatMessage } from '@dogwatch/core';

/** What the contract of `ConversationStore` is run on. */
export interface ConversationStoreSubject {
  /** An empty store. */
  readonly store: ConversationStore;
  /** Closes the store and opens the same data again; needed for the capability `reopen`. */
  readonly reopen?: () => Promise<ConversationStore>;
}

/** A room. */
export const room: Destination = { channelType: 'slack', room: 'C1' };
/** Its conversation. */
export const conversation = conversationKey(room);
/** Who writes, unless told otherwise. */
export const anna: Actor = { channelType: 'slack', userId: 'anna' };

/** A time, `minutes` after the beginning of 2026. */
export function minute(minutes: number): string {
  return new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString();
}

/** A valid message. */
export function chatMessage(change: Partial<NewChatMessage> = {}): NewChatMessage {
  return {
    destination: room,
    role: 'user',
    actor: anna,
    text: 'hello',
    at: minute(0),
    externalId: null,
    metadata: {},
    ...change,
  };
}

/** The texts of the last messages of a conversation. */
export async function lastTexts(
  store: ConversationStore,
  limit = 100,
  of: Destination = room,
): Promise<readonly string[]> {
  const messages = await store.lastMessages({ conversation: conversationKey(of), limit });
  return messages.map((message: ChatMessage) => message.text);
}

/** Expects `DW_CONVERSATION_INVALID`. */
export async function refuses(attempt: () => Promise<unknown>): Promise<void> {
  await assert.rejects(
    async () => attempt(),
    (error: unknown) => isAppError(error) && error.code === 'DW_CONVERSATION_INVALID',
  );
}
