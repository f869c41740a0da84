import type { Destination } from './outgoing-message.js';

/** Names the conversation of a place: a direct chat, a room, and each thread of a room are conversations of their own. */
export function conversationKey({ channelType, room, thread }: Destination): string {
  return JSON.stringify(thread === undefined ? [channelType, room] : [channelType, room, thread]);
}
