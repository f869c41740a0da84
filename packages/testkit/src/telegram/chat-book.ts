import type { CheckedText } from './check-text.js';
import { TelegramFailure, badRequest } from './telegram-failure.js';
import type { TelegramChat, TelegramKeyboard, TelegramMessage, TelegramUser } from './telegram-objects.js';

/** A message as the server keeps it. */
export interface KeptMessage {
  message: TelegramMessage;
  /** Whether a link in it shows a preview. */
  hasPreview: boolean;
}

/** A chat as the server keeps it. */
export interface KeptChat {
  readonly chat: TelegramChat;
  readonly messages: KeptMessage[];
  readonly topics: Set<number>;
  /** What keeps the bot out of it, in the server's words. */
  shutOut: string | null;
  migratedTo: number | null;
}

/** What a new message holds. */
export interface NewMessage extends Partial<CheckedText> {
  readonly from: TelegramUser;
  readonly senderChat?: TelegramChat | undefined;
  readonly threadId?: number | undefined;
  readonly replyTo?: TelegramMessage | undefined;
  readonly keyboard?: TelegramKeyboard | null;
  readonly hasPreview?: boolean;
}

/** All chats that the server knows, and what stands in them. */
export class ChatBook {
  private readonly chats = new Map<number, KeptChat>();
  private lastMessageId = 0;

  constructor(private readonly now: () => number) {}

  add(chat: TelegramChat, topics: readonly number[] = []): KeptChat {
    const kept: KeptChat = { chat, messages: [], topics: new Set(topics), shutOut: null, migratedTo: null };
    this.chats.set(chat.id, kept);
    return kept;
  }

  /** A chat that must exist, for tests. */
  get(chatId: number): KeptChat {
    const kept = this.chats.get(chatId);
    if (kept === undefined) throw new Error(`FakeTelegram has no chat ${chatId}. Add it with addGroup or addPerson.`);
    return kept;
  }

  /** A chat that the bot asks for, or the refusal that it gets. */
  open(chatId: unknown): KeptChat {
    const id = Number(chatId);
    const kept = this.chats.get(id);
    if (kept === undefined) throw badRequest('chat not found');
    if (kept.migratedTo !== null) {
      throw badRequest('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: kept.migratedTo });
    }
    if (kept.shutOut !== null) throw new TelegramFailure(403, `Forbidden: ${kept.shutOut}`);
    return kept;
  }

  post(kept: KeptChat, content: NewMessage): TelegramMessage {
    const { text, entities = [], from, senderChat, threadId, replyTo, keyboard, hasPreview = false } = content;
    const message: TelegramMessage = {
      message_id: ++this.lastMessageId,
      date: Math.floor(this.now() / 1_000),
      chat: kept.chat,
      from,
      ...(senderChat === undefined ? {} : { sender_chat: senderChat }),
      ...(threadId === undefined ? {} : { message_thread_id: threadId, is_topic_message: true as const }),
      ...(replyTo === undefined ? {} : { reply_to_message: replyTo }),
      ...(text === undefined ? {} : { text }),
      ...(entities.length === 0 ? {} : { entities }),
      ...(keyboard === undefined || keyboard === null ? {} : { reply_markup: keyboard }),
    };
    kept.messages.push({ message, hasPreview });
    return message;
  }

  find(kept: KeptChat, messageId: unknown): KeptMessage | null {
    return kept.messages.find(({ message }) => message.message_id === Number(messageId)) ?? null;
  }
}
