import { Secret, defineConfigSection } from '@dogwatch/core';
import type { SchemaOutput } from '@dogwatch/core';
import { z } from 'zod';

const tokenForm = /^\d{5,20}:[A-Za-z0-9_-]{30,}$/;
// What Telegram takes, https://core.telegram.org/bots/api#setwebhook, and long enough not to be guessed.
const secretForm = /^[A-Za-z0-9_-]{16,256}$/;

const optionalText = z.string().min(1).nullable().default(null);
const chatId = z
  .union([z.number(), z.string().regex(/^-?\d+$/)], {
    error: 'must be the number of a chat, as the bot names it at /start',
  })
  .transform(Number)
  .refine((id) => Number.isSafeInteger(id) && id !== 0, 'must be the number of a chat, as the bot names it at /start');

const chat = z.union([
  chatId.transform((id) => ({ id, topic: null, post: true })),
  z.strictObject({
    id: chatId,
    /** The number of a forum's topic to post in. */
    topic: z.number().int().min(1).nullable().default(null),
    /** False: people there can talk to the bot, which posts nothing unasked. */
    post: z.boolean().default(true),
  }),
]);

/** Also as text with commas, as a variable gives it. */
function listOf<S extends z.ZodType>(item: S) {
  const split = (value: unknown): unknown =>
    typeof value === 'string' ? value.split(/[\s,]+/).filter((part) => part !== '') : value;
  return z.preprocess(split, z.array(item)).default([]);
}

const schema = z
  .strictObject({
    /** Absent: no Telegram. */
    botToken: z
      .string()
      .regex(
        tokenForm,
        'is no token as @BotFather gives them: digits, a colon, and at least 30 letters, digits, _ and -',
      )
      .transform((text) => new Secret(text))
      .nullable()
      .default(null),
    mode: z.enum(['polling', 'webhook']).default('polling'),
    /** Where Telegram reaches this Dogwatch, without a path: `https://dogwatch.example`. */
    publicUrl: optionalText,
    webhookSecret: z
      .string()
      .regex(secretForm, 'must be 16 to 256 letters, digits, _ and -')
      .transform((text) => new Secret(text))
      .nullable()
      .default(null),
    /** Groups and people that messages are posted to, and whose members may talk to the bot. */
    chats: listOf(chat),
    /** Who may talk to the bot alone, by user id; `anyone` leaves it to the `users` of Dogwatch, which must say who is who then. */
    people: z.union([z.literal('anyone'), listOf(chatId)]).default([]),
    /** Another Bot API server than Telegram's own. */
    apiRoot: z.string().min(1).default('https://api.telegram.org'),
  })
  .prefault({})
  .superRefine((settings, context) => {
    const complain = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', message, path: [path] });
    const { botToken, mode, publicUrl, webhookSecret, chats, apiRoot } = settings;
    const isUsed = chats.length > 0 || publicUrl !== null || webhookSecret !== null;
    if (botToken === null && isUsed)
      complain('botToken', 'is missing: set TELEGRAM_BOT_TOKEN, or remove the section telegram');
    if (mode === 'webhook') {
      if (publicUrl === null)
        complain('publicUrl', 'is missing: mode webhook needs the https address that Telegram calls');
      if (webhookSecret === null) complain('webhookSecret', 'is missing: set TELEGRAM_WEBHOOK_SECRET for mode webhook');
    } else {
      if (publicUrl !== null)
        complain('publicUrl', 'is of use in mode webhook alone: set mode to webhook, or remove it');
      if (webhookSecret !== null) {
        complain(
          'webhookSecret',
          'is of use in mode webhook alone: set mode to webhook, or remove TELEGRAM_WEBHOOK_SECRET',
        );
      }
    }
    if (publicUrl !== null && !isWebAddress(publicUrl, ['https:'])) {
      complain('publicUrl', 'must be an https address without path, user or query: https://dogwatch.example');
    }
    if (!isWebAddress(apiRoot, ['https:', 'http:']))
      complain('apiRoot', 'must be an http or https address without path');
    chats.forEach((one, index) => {
      const isTwice = chats.findIndex(({ id, topic }) => id === one.id && topic === one.topic) < index;
      if (isTwice) complain('chats', `lists chat ${one.id} twice`);
    });
  });

function isWebAddress(text: string, protocols: readonly string[]): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username } = new URL(text);
  return protocols.includes(protocol) && pathname === '/' && `${search}${hash}${username}` === '';
}

/** Section `telegram`: the bot, how it gets its updates, and where it posts. */
export const telegramConfig = defineConfigSection({
  name: 'telegram',
  schema,
  env: {
    TELEGRAM_API_ROOT: 'apiRoot',
    TELEGRAM_CHATS: 'chats',
    TELEGRAM_MODE: 'mode',
    TELEGRAM_PEOPLE: 'people',
    TELEGRAM_PUBLIC_URL: 'publicUrl',
  },
  secrets: { TELEGRAM_BOT_TOKEN: 'botToken', TELEGRAM_WEBHOOK_SECRET: 'webhookSecret' },
});

/** Settings of the Telegram channel. */
export type TelegramConfig = SchemaOutput<typeof telegramConfig>;
