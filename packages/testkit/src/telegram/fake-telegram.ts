import { randomBytes } from 'node:crypto';
import { BotApiServer } from './bot-api-server.js';
import type { RecordedCall } from './bot-api-server.js';
import type { BotState, CallbackAnswer } from './bot-methods.js';
import { ChatBook } from './chat-book.js';
import { findEffects } from './find-effects.js';
import { FloodControl } from './flood-control.js';
import type { FloodLimit } from './flood-control.js';
import { hearsInPrivacyMode } from './hears-in-privacy-mode.js';
import { PlannedFailures } from './planned-failures.js';
import type { PlannedFailure } from './planned-failures.js';
import type { TelegramChat, TelegramEntity, TelegramMessage, TelegramUser } from './telegram-objects.js';
import { UpdateMethods } from './update-methods.js';
import { UpdateQueue } from './update-queue.js';
import type { WebhookDelivery } from './webhook-sender.js';

/** How a fake Telegram is set up. */
export interface FakeTelegramOptions {
  /** The bot's @name; `dogwatch_test_bot` if absent. */
  readonly botName?: string;
  /** Whether the bot gets only what is meant for it in groups; true if absent, as with a new bot. */
  readonly hasPrivacyMode?: boolean;
  /** Milliseconds until a refused webhook delivery is tried again; 20 if absent. */
  readonly webhookRetryMs?: number;
  /** Leads the webhook's public address to where it is served, as a reverse proxy does; absent = as it is. */
  readonly routeWebhook?: (url: string) => string;
  /** What is answered 429; nothing if absent. */
  readonly floodLimits?: readonly FloodLimit[];
  /** Milliseconds since the epoch; the machine's clock if absent. */
  readonly now?: () => number;
}

/** What a person writes. */
export interface Writing {
  readonly chatId: number;
  readonly from: number;
  readonly text: string;
  readonly threadId?: number;
  readonly replyTo?: number;
  /** Written as the chat itself: an anonymous administrator. */
  readonly asChat?: boolean;
}

/** A button that a person presses. */
export interface Press {
  readonly chatId: number;
  readonly messageId: number;
  readonly from: number;
  readonly data: string;
  /** Presses what a slow phone still shows, though it is gone. */
  readonly isStale?: boolean;
}

/** A message as a phone shows it. */
export interface ShownMessage {
  readonly messageId: number;
  readonly fromId: number;
  readonly threadId: number | null;
  readonly text: string;
  readonly entities: readonly TelegramEntity[];
  readonly buttons: readonly { readonly text: string; readonly data: string }[];
  /** What it did besides being shown. */
  readonly effects: readonly string[];
  readonly isEdited: boolean;
}

/** The user that stands for anonymous administrators, the same in all of Telegram. */
const anonymousAdmin: TelegramUser = { id: 1_087_968_824, is_bot: true, first_name: 'Group' };

/**
 * A Telegram of its own: the Bot API over HTTP, with its limits and refusals, and the people at the other end.
 *
 * Give `apiRoot` and `token` to what is tested; `write`, `press` and the like are the people, `shown` is their screen,
 * `calls` is all that the bot asked for.
 */
export class FakeTelegram {
  readonly token: string;
  readonly bot: TelegramUser;
  private readonly queue = new UpdateQueue();
  private readonly failures = new PlannedFailures();
  private readonly people = new Map<number, TelegramUser>();
  private readonly state: BotState;
  private readonly updates: UpdateMethods;
  private readonly server: BotApiServer;
  private readonly hasPrivacyMode: boolean;
  private lastChatId = 1_000_000_000;
  private lastCallback = 0;

  private constructor(options: FakeTelegramOptions) {
    const { botName = 'dogwatch_test_bot', now = Date.now, floodLimits = [] } = options;
    const botId = 5_000_000_000 + randomBytes(4).readUInt32BE();
    this.token = `${botId}:AA${randomBytes(24).toString('hex').slice(0, 33)}`;
    this.bot = { id: botId, is_bot: true, first_name: 'Dogwatch', username: botName };
    this.hasPrivacyMode = options.hasPrivacyMode ?? true;
    const chats = new ChatBook(now);
    const flood = new FloodControl(floodLimits, now);
    this.state = { bot: this.bot, chats, flood, now, callbacks: new Map(), commands: [] };
    const { webhookRetryMs: retryMs = 20, routeWebhook: route = (url: string) => url } = options;
    this.updates = new UpdateMethods(this.queue, { retryMs, route });
    const { token, state, updates, failures } = this;
    this.server = new BotApiServer({ token, state, updates, failures });
  }

  /** Starts one on a free port of this machine. */
  static async start(options: FakeTelegramOptions = {}): Promise<FakeTelegram> {
    const telegram = new FakeTelegram(options);
    await telegram.server.listen();
    return telegram;
  }

  /** The address to use instead of `https://api.telegram.org`. */
  get apiRoot(): string {
    return this.server.url;
  }

  /** All calls of the bot, oldest first; calls with a wrong token are not in it. */
  get calls(): readonly RecordedCall[] {
    return this.server.calls;
  }

  /** All that was sent to the bot's webhook. */
  get deliveries(): readonly WebhookDelivery[] {
    return this.updates.deliveries;
  }

  /** The secret that goes with each delivery; `null` without one, or without a webhook. */
  get webhookSecret(): string | null {
    return this.updates.secretToken;
  }

  /** How many updates the bot has not confirmed. */
  get pendingUpdates(): number {
    return this.queue.size;
  }

  async stop(): Promise<void> {
    await this.updates.stop();
    await this.server.close();
  }

  /** Adds a person, who has pressed Start in the bot's private chat; its id is the person's. */
  addPerson(firstName: string): TelegramUser {
    const id = this.lastChatId++;
    const person: TelegramUser = { id, is_bot: false, first_name: firstName, username: firstName.toLowerCase() };
    this.people.set(id, person);
    this.state.chats.add({ id, type: 'private', first_name: firstName });
    return person;
  }

  /** Adds a group with the bot in it; with topics it is a forum. */
  addGroup(
    title: string,
    options: { readonly type?: 'group' | 'supergroup'; readonly topics?: number[] } = {},
  ): number {
    const { type = 'supergroup', topics = [] } = options;
    const id = type === 'group' ? -this.lastChatId++ : -(1_000_000_000_000 + this.lastChatId++);
    const chat: TelegramChat = { id, type, title, ...(topics.length === 0 ? {} : { is_forum: true as const }) };
    this.state.chats.add(chat, topics);
    return id;
  }

  /** Posts what a person writes, and answers the id of the update; `null` when the bot does not get it. */
  write(writing: Writing): number | null {
    return this.announce(this.post(writing), 'message');
  }

  /** Lets a person change what was written; answers the id of the update. */
  edit(chatId: number, messageId: number, text: string): number | null {
    const kept = this.state.chats.get(chatId);
    const found = this.state.chats.find(kept, messageId);
    if (found === null) throw new Error(`FakeTelegram has no message ${messageId} in chat ${chatId}.`);
    found.message = { ...found.message, text, edit_date: Math.floor(this.state.now() / 1_000) };
    return this.announce(found.message, 'edited_message');
  }

  /** Presses a button; answers the id of the callback query. */
  press({ chatId, messageId, from, data, isStale = false }: Press): string {
    const found = this.state.chats.find(this.state.chats.get(chatId), messageId);
    const buttons = found?.message.reply_markup?.inline_keyboard.flat() ?? [];
    if (!isStale && !buttons.some((button) => button.callback_data === data)) {
      throw new Error(`FakeTelegram shows no button '${data}' under message ${messageId} in chat ${chatId}.`);
    }
    const id = String(4_000_000_000_000 + this.lastCallback++);
    this.state.callbacks.set(id, null);
    const message = found?.message;
    this.queue.add({
      callback_query: {
        id,
        from: this.person(from),
        ...(message === undefined ? {} : { message }),
        chat_instance: String(chatId),
        data,
      },
    });
    return id;
  }

  /** How a callback query was answered; `null` while it was not. */
  callbackAnswer(id: string): CallbackAnswer | null {
    return this.state.callbacks.get(id) ?? null;
  }

  /** What stands in a chat now, oldest first. */
  shown(chatId: number): readonly ShownMessage[] {
    return this.state.chats.get(chatId).messages.map(({ message, hasPreview }) => {
      const { message_id: messageId, from, text = '', entities = [], reply_markup: keyboard = null } = message;
      const isFromBot = from?.id === this.bot.id;
      return {
        messageId,
        fromId: from?.id ?? 0,
        threadId: message.message_thread_id ?? null,
        text,
        entities,
        buttons: (keyboard?.inline_keyboard.flat() ?? []).map((button) => ({
          text: button.text,
          data: button.callback_data ?? '',
        })),
        effects: isFromBot ? findEffects({ text, entities, hasPreview, keyboard }) : [],
        isEdited: message.edit_date !== undefined,
      };
    });
  }

  /** Lets calls of the bot fail. */
  failNext(failure: PlannedFailure): void {
    this.failures.add(failure);
  }

  /** Takes back every failure that has not happened. */
  stopFailing(): void {
    this.failures.clear();
  }

  /** A person blocks the bot, or a group throws it out; `false` lets it in again. */
  shutOut(chatId: number, isOut = true): void {
    const kept = this.state.chats.get(chatId);
    const { type } = kept.chat;
    const words = type === 'private' ? 'bot was blocked by the user' : `bot was kicked from the ${type} chat`;
    kept.shutOut = isOut ? words : null;
    const status = isOut ? 'kicked' : 'member';
    const from = this.people.values().next().value ?? this.bot;
    const date = Math.floor(this.state.now() / 1_000);
    this.queue.add({
      my_chat_member: { chat: kept.chat, from, date, new_chat_member: { status, user: this.bot } },
    });
  }

  /** Turns a group into a supergroup and answers its new id. */
  migrate(chatId: number): number {
    const kept = this.state.chats.get(chatId);
    const newId = this.addGroup(kept.chat.title ?? 'group');
    kept.migratedTo = newId;
    return newId;
  }

  /** Removes a message from a chat. */
  remove(chatId: number, messageId: number): void {
    const kept = this.state.chats.get(chatId);
    const found = this.state.chats.find(kept, messageId);
    if (found !== null) kept.messages.splice(kept.messages.indexOf(found), 1);
  }

  private person(id: number): TelegramUser {
    const person = this.people.get(id);
    if (person === undefined) throw new Error(`FakeTelegram has no person ${id}. Add one with addPerson.`);
    return person;
  }

  private post({ chatId, from, text, threadId, replyTo, asChat = false }: Writing): TelegramMessage {
    const { chats } = this.state;
    const kept = chats.get(chatId);
    const author = asChat ? anonymousAdmin : this.person(from);
    return chats.post(kept, {
      from: author,
      text,
      threadId,
      senderChat: asChat ? kept.chat : undefined,
      replyTo: replyTo === undefined ? undefined : chats.find(kept, replyTo)?.message,
    });
  }

  private announce(message: TelegramMessage, type: 'message' | 'edited_message'): number | null {
    const isHeard = message.chat.type === 'private' || !this.hasPrivacyMode || hearsInPrivacyMode(this.bot, message);
    return isHeard ? this.queue.add({ [type]: message }) : null;
  }
}
