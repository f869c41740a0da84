import {
  AppError,
  Clock,
  Logger,
  OfferedButtons,
  buttonWords,
  describeErrorCode,
  inject,
  injectable,
  isAppError,
  ownMessage,
} from '@dogwatch/core';
import type {
  ChannelAdapter,
  ChannelAudience,
  ChannelCapabilities,
  Destination,
  IncomingMessage,
  MessageReference,
  OutgoingMessage,
} from '@dogwatch/core';
import { refusalError } from './api-answer.js';
import { BotConnection } from './bot-connection.js';
import { anonymousRefusal, greeting, pressAnswers, refusal } from './channel-texts.js';
import { ChatAccess } from './chat-access.js';
import { MessagePoster, chatIdOf, messageIdsOf } from './message-poster.js';
import { CHANNEL_TYPE, parseUpdate } from './parse-update.js';
import type { ParsedUpdate, PersonInChat } from './parse-update.js';
import { PressedKeyboards } from './pressed-keyboards.js';
import { RefusalLimit } from './refusal-limit.js';
import { TelegramSettings } from './telegram-settings.js';
import { UpdateIntake } from './update-intake.js';
import { updateSchema } from './update-schema.js';

type Inbound = (message: IncomingMessage) => Promise<void>;
type Press = Extract<ParsedUpdate, { kind: 'press' }>;

function roomsOf({ chats }: TelegramSettings): readonly Destination[] {
  return chats
    .filter(({ post }) => post)
    .map(({ id, topic }) => {
      const room = { channelType: CHANNEL_TYPE, room: String(id) };
      return topic === null ? room : { ...room, thread: String(topic) };
    });
}

// A chat with one person has their number, which is positive; those of groups and channels are negative.
function audienceOf({ chats, people }: TelegramSettings): ChannelAudience {
  if (people === 'anyone') return 'anybody';
  return chats.some(({ id }) => id < 0) ? 'members' : 'named';
}

// Anything else would fail again in the same way, and keep all later messages from coming.
function isWorthRedelivering(error: unknown): boolean {
  return isAppError(error) && (error.isRetryable || describeErrorCode(error.code).status === 503);
}

/** The chats of a Telegram bot: private ones, groups, and topics of forums. */
@injectable()
export class TelegramChannel implements ChannelAdapter {
  readonly type = CHANNEL_TYPE;
  readonly capabilities: ChannelCapabilities = { edits: true, buttons: true };
  readonly audience: ChannelAudience;
  readonly rooms: readonly Destination[];
  private readonly access: ChatAccess;
  private readonly poster: MessagePoster;
  private readonly pressed: PressedKeyboards;
  private readonly refusals: RefusalLimit;
  private inbound: Inbound | null = null;

  constructor(
    @inject(TelegramSettings) settings: TelegramSettings,
    @inject(BotConnection) private readonly connection: BotConnection,
    @inject(UpdateIntake) private readonly intake: UpdateIntake,
    @inject(Clock) clock: Clock,
    @inject(Logger) private readonly logger: Logger,
    @inject(OfferedButtons) offered: OfferedButtons,
  ) {
    this.audience = audienceOf(settings);
    this.rooms = roomsOf(settings);
    this.access = new ChatAccess(settings, connection.sender);
    this.poster = new MessagePoster({ connection, clock, logger });
    this.pressed = new PressedKeyboards({
      clock,
      logger,
      offered,
      setKeyboard: (message) => this.poster.setKeyboard(message),
    });
    this.refusals = new RefusalLimit(clock);
  }

  start(inbound: Inbound): Promise<void> {
    this.inbound = inbound;
    this.connection.status.set('degraded', 'Telegram: not connected yet.');
    this.intake.start((update) => this.take(update));
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.inbound = null;
    await this.intake.stop();
  }

  async send(destination: Destination, message: OutgoingMessage): Promise<MessageReference> {
    return this.poster.post(destination, message);
  }

  async update(reference: MessageReference, message: OutgoingMessage): Promise<MessageReference> {
    const chatId = chatIdOf(reference.destination);
    for (const messageId of messageIdsOf(reference)) this.pressed.forget({ chatId, messageId });
    return (await this.poster.change(reference, message)) ?? this.poster.post(reference.destination, message);
  }

  async complete(draft: MessageReference, message: OutgoingMessage): Promise<MessageReference> {
    return (await this.poster.complete(draft, message)) ?? this.poster.post(draft.destination, message);
  }

  findRoomMistake({ room }: Destination): string | null {
    const chatId = Number(room);
    if (!Number.isSafeInteger(chatId) || chatId === 0)
      return 'this is no number of a chat, as the bot names it at /start.';
    if (this.access.allows({ chatId, isPrivate: chatId > 0, userId: chatId })) return null;
    return chatId > 0
      ? "nobody is answered there. Add the person to 'telegram.people'."
      : "nobody is answered there. Add it to 'telegram.chats', with 'post: false' if nothing else is to be posted there.";
  }

  private async take(raw: unknown): Promise<void> {
    const bot = this.connection.identity;
    const checked = updateSchema.safeParse(raw);
    if (bot === null || !checked.success) {
      this.logger.warn('telegram.update-unreadable', 'An update of Telegram is not as documented and was left out');
      return;
    }
    const update = parseUpdate(checked.data, bot);
    switch (update.kind) {
      case 'words':
        return this.takeWords(update.from, update.text);
      case 'press':
        return this.takePress(update);
      case 'anonymous':
        if (this.refusals.mayRefuse(update.chatId)) this.say(update.destination, anonymousRefusal);
        return;
      case 'membership':
        this.connection.status.setChatProblem(update.chatId, this.describeMembership(update));
        return;
      case 'moved':
        this.connection.sender.move(update.chatId, update.newChatId);
        return;
      case 'ignored':
        this.logger.debug('telegram.update-ignored', 'An update was ignored', { reason: update.reason });
        if (update.callbackId !== null) this.answer(update.callbackId, pressAnswers.unknown);
    }
  }

  private describeMembership({ chatId, isMember }: Extract<ParsedUpdate, { kind: 'membership' }>): string | null {
    return isMember || !this.access.knows(chatId) ? null : 'the bot is blocked there or not a member';
  }

  private async takeWords(from: PersonInChat, text: string): Promise<void> {
    const isAllowed = this.access.allows(from);
    if (/^\/start(\s|$)/.test(text)) {
      if (this.refusals.mayRefuse(from.chatId)) this.say(from.destination, greeting(from, isAllowed));
      return;
    }
    if (!isAllowed) {
      this.logRefusal(from);
      if (this.refusals.mayRefuse(from.chatId)) this.say(from.destination, refusal(from));
      return;
    }
    await this.give(from, { text, isButton: false });
  }

  private async takePress({ from, callbackId, pressedMessageId, button, keyboard }: Press): Promise<void> {
    if (!this.access.allows(from)) {
      this.logRefusal(from);
      this.answer(callbackId, pressAnswers.closed);
      return;
    }
    if (button === null) {
      this.answer(callbackId, pressAnswers.unknown);
      return;
    }
    const message = { chatId: from.chatId, messageId: pressedMessageId, keyboard, button };
    if (!button.needsConfirm) this.pressed.begin(message);
    try {
      const isTaken = await this.give(from, { text: buttonWords(button), isButton: true });
      this.answer(callbackId, isTaken ? pressAnswers.taken(button) : pressAnswers.lost);
      if (isTaken) void this.pressed.hide(message);
      else this.pressed.forget(message);
    } catch (error) {
      this.pressed.forget(message);
      this.answer(callbackId, pressAnswers.failed);
      throw error;
    }
  }

  // False when the message is lost for a reason that another try would not mend.
  private async give(
    from: PersonInChat,
    said: { readonly text: string; readonly isButton: boolean },
  ): Promise<boolean> {
    const { inbound } = this;
    if (inbound === null) {
      throw new AppError('DW_CHANNEL_CLOSED', 'The Telegram channel takes no messages now.', { isRetryable: true });
    }
    const { destination, messageId, scope, userId } = from;
    try {
      await inbound({
        userId: String(userId),
        channelType: CHANNEL_TYPE,
        text: said.text,
        metadata: { destination, messageId, isButton: said.isButton, scope },
      });
      return true;
    } catch (error) {
      if (isWorthRedelivering(error)) throw error;
      this.logger.error('channel.inbound-failed', 'A message could not be handled', {
        channel: CHANNEL_TYPE,
        user_id: String(userId),
        error,
      });
      return false;
    }
  }

  private logRefusal({ chatId, userId }: PersonInChat): void {
    this.logger.warn('channel.refused', 'Somebody in a chat that is not configured was turned away', {
      channel: CHANNEL_TYPE,
      chat: chatId,
      user_id: String(userId),
    });
  }

  private say(destination: Destination, text: string): void {
    this.poster.post(destination, ownMessage(text)).catch((error: unknown) => {
      this.logger.warn('channel.reply-failed', 'A reply could not be sent', { channel: CHANNEL_TYPE, error });
    });
  }

  private answer(callbackId: string, text: string): void {
    void this.connection.api.call('answerCallbackQuery', { callback_query_id: callbackId, text }).then((answer) => {
      if (answer.isOk) return;
      const error = refusalError(answer.refusal);
      this.logger.warn('telegram.press-not-answered', 'A press could not be answered', { error });
    });
  }
}
