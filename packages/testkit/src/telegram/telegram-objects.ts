/** A person or bot, as the Bot API writes it. */
export interface TelegramUser {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly username?: string;
}

/** A chat, as the Bot API writes it. */
export interface TelegramChat {
  readonly id: number;
  readonly type: 'private' | 'group' | 'supergroup' | 'channel';
  readonly title?: string;
  readonly first_name?: string;
  readonly is_forum?: true;
}

/** A styled part of a text; offset and length count UTF-16 code units. */
export interface TelegramEntity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly language?: string;
  readonly url?: string;
}

/** A button under a message. */
export interface TelegramButton {
  readonly text: string;
  readonly callback_data?: string;
  readonly url?: string;
}

/** The buttons under a message, in rows. */
export interface TelegramKeyboard {
  readonly inline_keyboard: readonly (readonly TelegramButton[])[];
}

/** A message, as the Bot API writes it. */
export interface TelegramMessage {
  readonly message_id: number;
  readonly date: number;
  readonly chat: TelegramChat;
  readonly from?: TelegramUser;
  /** Set where the message speaks for a chat: an anonymous administrator, a linked channel. */
  readonly sender_chat?: TelegramChat;
  readonly message_thread_id?: number;
  readonly is_topic_message?: true;
  readonly reply_to_message?: TelegramMessage;
  readonly text?: string;
  readonly entities?: readonly TelegramEntity[];
  readonly reply_markup?: TelegramKeyboard;
  readonly edit_date?: number;
  readonly migrate_to_chat_id?: number;
}

/** Something new for the bot; exactly one field beside the id is set. */
export interface TelegramUpdate {
  readonly update_id: number;
  readonly message?: TelegramMessage;
  readonly edited_message?: TelegramMessage;
  readonly callback_query?: {
    readonly id: string;
    readonly from: TelegramUser;
    readonly message?: TelegramMessage;
    readonly chat_instance: string;
    readonly data: string;
  };
  readonly my_chat_member?: {
    readonly chat: TelegramChat;
    readonly from: TelegramUser;
    readonly date: number;
    readonly new_chat_member: { readonly status: string; readonly user: TelegramUser };
  };
}

/** The content of an update, without its id. */
export type UpdateContent = Omit<TelegramUpdate, 'update_id'>;
