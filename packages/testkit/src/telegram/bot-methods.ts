import { checkKeyboard } from './check-keyboard.js';
import { checkText } from './check-text.js';
import type { ChatBook, KeptChat, KeptMessage } from './chat-book.js';
import type { FloodControl } from './flood-control.js';
import { TelegramFailure, badRequest } from './telegram-failure.js';
import { telegramLimits } from './telegram-limits.js';
import type { TelegramEntity, TelegramKeyboard, TelegramMessage, TelegramUser } from './telegram-objects.js';

/** The parameters of a call, parsed. */
export type CallParameters = Readonly<Record<string, unknown>>;

/** An answer to a pressed button. */
export interface CallbackAnswer {
  readonly text: string | null;
  readonly isAlert: boolean;
}

/** What the methods work on. */
export interface BotState {
  readonly bot: TelegramUser;
  readonly chats: ChatBook;
  readonly flood: FloodControl;
  readonly now: () => number;
  /** By callback query id; `null` while it waits for its answer. */
  readonly callbacks: Map<string, CallbackAnswer | null>;
  commands: unknown;
}

type Method = (state: BotState, parameters: CallParameters) => unknown;

function contentOf({ text, entities, parse_mode: mode, link_preview_options: preview }: CallParameters) {
  if (mode !== undefined) throw badRequest("can't parse entities: FakeTelegram takes entities, not parse_mode");
  const isOff = (preview as { is_disabled?: boolean } | undefined)?.is_disabled === true;
  return { ...checkText(text, (entities as readonly TelegramEntity[] | undefined) ?? []), hasPreview: !isOff };
}

function threadOf(kept: KeptChat, threadId: unknown): number | undefined {
  if (threadId === undefined) return undefined;
  if (!kept.topics.has(Number(threadId))) throw badRequest('message thread not found');
  return Number(threadId);
}

function repliedTo({ chats }: BotState, kept: KeptChat, parameters: CallParameters): TelegramMessage | undefined {
  const reply = parameters['reply_parameters'] as
    { message_id: number; allow_sending_without_reply?: boolean } | undefined;
  if (reply === undefined) return undefined;
  const found = chats.find(kept, reply.message_id);
  if (found === null && reply.allow_sending_without_reply !== true) {
    throw badRequest('message to be replied not found');
  }
  return found?.message;
}

const isGroup = ({ chat }: KeptChat): boolean => chat.type === 'group' || chat.type === 'supergroup';

const sendMessage: Method = (state, parameters) => {
  const kept = state.chats.open(parameters['chat_id']);
  const content = contentOf(parameters);
  const keyboard = checkKeyboard(parameters['reply_markup']);
  const threadId = threadOf(kept, parameters['message_thread_id']);
  const replyTo = repliedTo(state, kept, parameters);
  state.flood.check(kept.chat.id, isGroup(kept));
  return state.chats.post(kept, { ...content, from: state.bot, keyboard, threadId, replyTo });
};

function ownMessage(state: BotState, parameters: CallParameters): KeptMessage {
  const kept = state.chats.open(parameters['chat_id']);
  const found = state.chats.find(kept, parameters['message_id']);
  if (found === null) throw badRequest('message to edit not found');
  if (found.message.from?.id !== state.bot.id) throw badRequest("message can't be edited");
  return found;
}

function withContent(
  { bot: _bot, now }: BotState,
  { message }: KeptMessage,
  content: { text?: string; entities: readonly TelegramEntity[]; keyboard: TelegramKeyboard | null },
): TelegramMessage {
  const { text = message.text as string, entities, keyboard } = content;
  const { reply_markup: oldKeyboard, entities: oldEntities = [], ...rest } = message;
  const isSame =
    text === message.text &&
    JSON.stringify(entities) === JSON.stringify(oldEntities) &&
    JSON.stringify(keyboard) === JSON.stringify(oldKeyboard ?? null);
  if (isSame) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  }
  return {
    ...rest,
    text,
    edit_date: Math.floor(now() / 1_000),
    ...(entities.length === 0 ? {} : { entities }),
    ...(keyboard === null ? {} : { reply_markup: keyboard }),
  };
}

const editMessageText: Method = (state, parameters) => {
  const found = ownMessage(state, parameters);
  const { text, entities, hasPreview } = contentOf(parameters);
  const keyboard = checkKeyboard(parameters['reply_markup']);
  const edited = withContent(state, found, { text, entities, keyboard });
  state.flood.check(found.message.chat.id, found.message.chat.type !== 'private');
  found.message = edited;
  found.hasPreview = hasPreview;
  return found.message;
};

const editMessageReplyMarkup: Method = (state, parameters) => {
  const found = ownMessage(state, parameters);
  const keyboard = checkKeyboard(parameters['reply_markup']);
  found.message = withContent(state, found, { entities: found.message.entities ?? [], keyboard });
  return found.message;
};

const deleteMessage: Method = (state, parameters) => {
  const kept = state.chats.open(parameters['chat_id']);
  const found = state.chats.find(kept, parameters['message_id']);
  if (found === null) throw badRequest('message to delete not found');
  kept.messages.splice(kept.messages.indexOf(found), 1);
  return true;
};

const answerCallbackQuery: Method = ({ callbacks }, parameters) => {
  const id = String(parameters['callback_query_id']);
  if (callbacks.get(id) !== null) {
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  }
  const text = parameters['text'] as string | undefined;
  if ((text ?? '').length > telegramLimits.callbackAnswerLength) throw badRequest('MESSAGE_TOO_LONG');
  callbacks.set(id, { text: text ?? null, isAlert: parameters['show_alert'] === true });
  return true;
};

const setMyCommands: Method = (state, { commands }) => {
  if (!Array.isArray(commands)) throw badRequest("can't parse commands: must be an array");
  for (const { command } of commands as readonly { command: string }[]) {
    if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest('BOT_COMMAND_INVALID');
  }
  state.commands = commands;
  return true;
};

/** The methods that work on chats; those that bring updates are the server's own. */
export const botMethods: Readonly<Record<string, Method>> = {
  getMe: ({ bot }) => ({ ...bot, can_join_groups: true, can_read_all_group_messages: false }),
  getChat: ({ chats }, parameters) => chats.open(parameters['chat_id']).chat,
  sendMessage,
  editMessageText,
  editMessageReplyMarkup,
  deleteMessage,
  answerCallbackQuery,
  setMyCommands,
  getMyCommands: ({ commands }) => commands,
  sendChatAction: ({ chats }, parameters) => chats.open(parameters['chat_id']) !== null,
};

/** The refusal of a method that does not exist. */
export function noSuchMethod(): TelegramFailure {
  return new TelegramFailure(404, 'Not Found: method not found');
}
