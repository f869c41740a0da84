import type { Destination, IncomingMessage } from '@dogwatch/core';
import type { BotIdentity } from './bot-identity.js';
import { decodeButton } from './callback-data.js';
import type { PressedButton } from './callback-data.js';
import { readWords } from './read-words.js';
import type { InlineKeyboard } from './render-message.js';
import type { TelegramUpdate } from './update-schema.js';

/** Short name, the `channelType` of Telegram's actors and destinations. */
export const CHANNEL_TYPE = 'telegram';

/** Somebody in a chat. */
export interface PersonInChat {
  readonly chatId: number;
  readonly isPrivate: boolean;
  /** The person. */
  readonly userId: number;
  readonly destination: Destination;
  readonly scope: NonNullable<IncomingMessage['metadata']['scope']>;
  /** The update's id, told apart from those of other bots. */
  readonly messageId: string;
}

/** What an update means. */
export type ParsedUpdate =
  | { readonly kind: 'words'; readonly from: PersonInChat; readonly text: string }
  | {
      readonly kind: 'press';
      readonly from: PersonInChat;
      readonly callbackId: string;
      readonly pressedMessageId: number;
      /** `null` when it is no button of this bot. */
      readonly button: PressedButton | null;
      /** The buttons that stood there, as far as the phone told. */
      readonly keyboard: InlineKeyboard | null;
    }
  /** Words for the bot of which nobody can tell who wrote them. */
  | { readonly kind: 'anonymous'; readonly chatId: number; readonly destination: Destination }
  /** The bot was let in or put out. */
  | { readonly kind: 'membership'; readonly chatId: number; readonly isMember: boolean }
  | { readonly kind: 'moved'; readonly chatId: number; readonly newChatId: number }
  | { readonly kind: 'ignored'; readonly reason: string; readonly callbackId: string | null };

type Message = NonNullable<TelegramUpdate['message']>;
type Press = NonNullable<TelegramUpdate['callback_query']>;
type Place = Pick<Message, 'chat' | 'message_thread_id' | 'is_topic_message'>;

const memberStatuses = ['creator', 'administrator', 'member', 'restricted'];

function ignored(reason: string, callbackId: string | null = null): ParsedUpdate {
  return { kind: 'ignored', reason, callbackId };
}

function destinationOf({ chat, message_thread_id: thread, is_topic_message: isTopic }: Place): Destination {
  const room = { channelType: CHANNEL_TYPE, room: String(chat.id) };
  return isTopic === true && thread !== undefined ? { ...room, thread: String(thread) } : room;
}

function personIn(place: Place, { userId, messageId }: { userId: number; messageId: string }): PersonInChat {
  const destination = destinationOf(place);
  const isPrivate = place.chat.type === 'private';
  const scope = isPrivate ? 'direct' : destination.thread === undefined ? 'room' : 'thread';
  return { chatId: place.chat.id, isPrivate, userId, destination, scope, messageId };
}

function isGroupOrPrivate({ chat }: Place): boolean {
  return chat.type === 'private' || chat.type === 'group' || chat.type === 'supergroup';
}

function parseMessage(message: Message, messageId: string, bot: BotIdentity): ParsedUpdate {
  const { chat, from, sender_chat: senderChat, text, reply_to_message: repliedTo } = message;
  if (message.migrate_to_chat_id !== undefined) {
    return { kind: 'moved', chatId: chat.id, newChatId: message.migrate_to_chat_id };
  }
  if (!isGroupOrPrivate(message)) return ignored('a post of a channel');
  if (text === undefined) return ignored('no text');
  const isAnonymous = senderChat !== undefined && senderChat.id === chat.id;
  if (!isAnonymous && (from === undefined || from.is_bot || senderChat !== undefined))
    return ignored('not of a person');
  // Everything in a topic formally replies to the message that opened it.
  const isReplyToBot = repliedTo?.from?.id === bot.id && repliedTo.forum_topic_created === undefined;
  const words = readWords({ text, isPrivate: chat.type === 'private', isReplyToBot }, bot);
  if (words === null) return ignored('not meant for the bot');
  if (isAnonymous || from === undefined) {
    return { kind: 'anonymous', chatId: chat.id, destination: destinationOf(message) };
  }
  return { kind: 'words', from: personIn(message, { userId: from.id, messageId }), text: words };
}

function parsePress(press: Press, messageId: string): ParsedUpdate {
  const { id: callbackId, from, data, message } = press;
  if (message === undefined || data === undefined || from.is_bot) return ignored('no button of a message', callbackId);
  return {
    kind: 'press',
    from: personIn(message, { userId: from.id, messageId }),
    callbackId,
    pressedMessageId: message.message_id,
    button: decodeButton(data),
    keyboard: message.reply_markup ?? null,
  };
}

/** Says what an update means for the bot. */
export function parseUpdate(update: TelegramUpdate, bot: BotIdentity): ParsedUpdate {
  const messageId = `${bot.id}:${update.update_id}`;
  const { message, callback_query: press, my_chat_member: member } = update;
  if (message !== undefined) return parseMessage(message, messageId, bot);
  if (press !== undefined) return parsePress(press, messageId);
  if (member !== undefined) {
    const isMember = memberStatuses.includes(member.new_chat_member.status);
    return { kind: 'membership', chatId: member.chat.id, isMember };
  }
  return ignored('of a kind that was not asked for');
}
