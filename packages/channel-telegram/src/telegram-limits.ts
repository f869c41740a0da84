/** UTF-16 code units of a message after its entities are taken out, https://core.telegram.org/bots/api#sendmessage */
export const MAX_TEXT_LENGTH = 4_096;

/** Entities of a message; those beyond are ignored, https://limits.tginfo.me/en */
export const MAX_ENTITIES = 100;

/** Bytes of what a button carries, https://core.telegram.org/bots/api#inlinekeyboardbutton */
export const MAX_CALLBACK_BYTES = 64;

/** Characters of the answer to a press, https://core.telegram.org/bots/api#answercallbackquery */
export const MAX_ANSWER_LENGTH = 200;

/** Messages that may be sent in a while. */
export interface RateLimit {
  readonly messages: number;
  readonly perMs: number;
}

/** One message a second to a chat, https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this */
export const CHAT_RATE: RateLimit = { messages: 1, perMs: 1_000 };

/** Twenty messages a minute to a group, same source. */
export const GROUP_RATE: RateLimit = { messages: 20, perMs: 60_000 };

/** Thirty messages a second to all chats together, same source. */
export const BOT_RATE: RateLimit = { messages: 30, perMs: 1_000 };
