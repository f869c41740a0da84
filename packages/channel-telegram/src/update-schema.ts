import { z } from 'zod';

const person = z.object({ id: z.number(), is_bot: z.boolean() });
const chat = z.object({ id: z.number(), type: z.string() });

const repliedMessage = z.object({
  from: person.optional(),
  forum_topic_created: z.unknown().optional(),
});

const message = z.object({
  message_id: z.number(),
  chat,
  from: person.optional(),
  sender_chat: z.object({ id: z.number() }).optional(),
  message_thread_id: z.number().optional(),
  is_topic_message: z.boolean().optional(),
  reply_to_message: repliedMessage.optional(),
  text: z.string().optional(),
  migrate_to_chat_id: z.number().optional(),
});

const keyboard = z.object({
  inline_keyboard: z.array(z.array(z.object({ text: z.string(), callback_data: z.string() }))),
});

const press = z.object({
  id: z.string(),
  from: person,
  data: z.string().optional(),
  message: z
    .object({
      message_id: z.number(),
      chat,
      message_thread_id: z.number().optional(),
      is_topic_message: z.boolean().optional(),
      reply_markup: keyboard.optional().catch(undefined),
    })
    .optional(),
});

const membership = z.object({ chat, new_chat_member: z.object({ status: z.string() }) });

/** What is read of an update; all else of it is left aside. https://core.telegram.org/bots/api#update */
export const updateSchema = z.object({
  update_id: z.number(),
  message: message.optional(),
  callback_query: press.optional(),
  my_chat_member: membership.optional(),
});

/** Something new for the bot. */
export type TelegramUpdate = z.output<typeof updateSchema>;

/** The kinds of updates that the bot asks for: no edits, no channel posts, no reactions. */
export const WANTED_UPDATES: readonly string[] = ['message', 'callback_query', 'my_chat_member'];
