import { AppError } from '@dogwatch/core';
import type { Clock, Destination, Logger, MessageReference, OutgoingMessage } from '@dogwatch/core';
import { refusalError } from './api-answer.js';
import type { ApiAnswer, ApiRefusal } from './api-answer.js';
import type { BotConnection } from './bot-connection.js';
import { CHANNEL_TYPE } from './parse-update.js';
import type { PressedMessage } from './pressed-keyboards.js';
import { MAX_PARTS, renderMessage } from './render-message.js';
import type { InlineKeyboard, RenderedMessage } from './render-message.js';
import { spellForTelegram } from './spell-for-telegram.js';

interface PostedMessage {
  readonly message_id: number;
}

/** One of the messages that a message becomes. */
interface Part {
  readonly rendered: RenderedMessage;
  readonly index: number;
}

// Between the tries of a part whose beginning stands there already; what Telegram itself asks to wait is waited anyway.
const restDelaysMs = [1_000, 4_000];

const idList = /^\d{1,15}(,\d{1,15})*$/;

/** The ids in a reference that this channel made; empty when it made none. */
export function messageIdsOf({ messageId }: MessageReference): readonly number[] {
  return messageId !== null && idList.test(messageId) ? messageId.split(',').map(Number) : [];
}

/** The number of the chat of a destination; throws `DW_CHANNEL_DESTINATION` when it is none of Telegram. */
export function chatIdOf({ channelType, room }: Destination): number {
  if (channelType === CHANNEL_TYPE && /^-?\d{1,15}$/.test(room)) return Number(room);
  throw new AppError(
    'DW_CHANNEL_DESTINATION',
    `Telegram has no chat '${channelType}:${room}'. Send to 'telegram:<number of a chat>'.`,
  );
}

// The general topic of a forum has the number 1, and Telegram wants it left out.
function threadOf({ thread }: Destination): object {
  return thread === undefined || thread === '1' ? {} : { message_thread_id: Number(thread) };
}

/** What messages are posted with. */
export interface MessagePosterParts {
  readonly connection: BotConnection;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Posts and changes messages; one that is too long for Telegram becomes several, which are changed together. */
export class MessagePoster {
  private readonly connection: BotConnection;

  constructor(private readonly parts: MessagePosterParts) {
    this.connection = parts.connection;
  }

  /** Posts a message as one or more, the buttons under the last; rejects only while nothing of it stands there. */
  async post(destination: Destination, message: OutgoingMessage): Promise<MessageReference> {
    const chatId = chatIdOf(destination);
    const rendered = renderMessage(spellForTelegram(message, chatId));
    return this.connection.sender.inOrder(chatId, async () => {
      if (rendered.parts.length === 0) return { destination, messageId: null };
      const first = resultOf(await this.postPart(destination, { rendered, index: 0 }), chatId);
      return this.postRest(destination, rendered, [first.message_id]);
    });
  }

  /** Changes a posted message; `null` when it is not there any more. What does not fit where it stands is shortened. */
  async change(reference: MessageReference, message: OutgoingMessage): Promise<MessageReference | null> {
    const ids = messageIdsOf(reference);
    const spelled = spellForTelegram(message, chatIdOf(reference.destination));
    return this.replace(reference, renderMessage(spelled, Math.min(ids.length, MAX_PARTS)));
  }

  /** The same, with more messages for what does not fit. */
  async complete(draft: MessageReference, message: OutgoingMessage): Promise<MessageReference | null> {
    return this.replace(draft, renderMessage(spellForTelegram(message, chatIdOf(draft.destination))));
  }

  /** Sets or takes away the buttons of a message at once, without a turn; a failure is logged. */
  async setKeyboard({ chatId, messageId, keyboard }: PressedMessage): Promise<void> {
    const { api, sender } = this.connection;
    const payload = {
      chat_id: sender.currentId(chatId),
      message_id: messageId,
      reply_markup: keyboard ?? { inline_keyboard: [] },
    };
    const answer = await api.call('editMessageReplyMarkup', payload);
    if (answer.isOk || answer.refusal.kind === 'not-modified' || answer.refusal.kind === 'message-gone') return;
    this.parts.logger.warn('telegram.keyboard-not-set', 'The buttons of a message could not be changed', {
      chat: chatId,
      error: refusalError(answer.refusal, String(chatId)),
    });
  }

  private async replace(reference: MessageReference, rendered: RenderedMessage): Promise<MessageReference | null> {
    const { destination } = reference;
    const chatId = chatIdOf(destination);
    const ids = messageIdsOf(reference);
    if (ids.length === 0) return null;
    const kept = ids.slice(0, rendered.parts.length);
    return this.connection.sender.inOrder(chatId, async () => {
      for (const [index, id] of kept.entries()) {
        const isThere = await this.edit(chatId, id, { rendered, index });
        if (!isThere) {
          await this.remove(chatId, ids.slice(index));
          return null;
        }
      }
      await this.remove(chatId, ids.slice(kept.length));
      return this.postRest(destination, rendered, kept);
    });
  }

  /** Posts what comes after the parts that stand there; to fail now would have those posted twice. */
  private async postRest(
    destination: Destination,
    rendered: RenderedMessage,
    standing: readonly number[],
  ): Promise<MessageReference> {
    const ids = [...standing];
    while (ids.length < rendered.parts.length) {
      const answer = await this.postPartPatiently(destination, { rendered, index: ids.length });
      if (!answer.isOk) {
        await this.endEarly(destination, { rendered, ids, refusal: answer.refusal });
        break;
      }
      ids.push(answer.result.message_id);
    }
    return { destination, messageId: ids.join(',') };
  }

  private async postPartPatiently(destination: Destination, part: Part): Promise<ApiAnswer<PostedMessage>> {
    for (const delayMs of restDelaysMs) {
      const answer = await this.postPart(destination, part);
      if (answer.isOk || answer.refusal.kind !== 'unreachable') return answer;
      await this.parts.clock.sleep(delayMs);
    }
    return this.postPart(destination, part);
  }

  private postPart(destination: Destination, { rendered, index }: Part): Promise<ApiAnswer<PostedMessage>> {
    const { api, sender } = this.connection;
    const content = { ...contentOf(rendered, index), ...threadOf(destination) };
    return sender.call(chatIdOf(destination), (current) =>
      api.call<PostedMessage>('sendMessage', { chat_id: current, ...content }),
    );
  }

  // The buttons belong under what people see last.
  private async endEarly(
    destination: Destination,
    { rendered, ids, refusal }: { rendered: RenderedMessage; ids: readonly number[]; refusal: ApiRefusal },
  ): Promise<void> {
    const chatId = chatIdOf(destination);
    this.parts.logger.error('telegram.rest-lost', 'The rest of a long message could not be sent', {
      chat: chatId,
      error: refusalError(refusal, String(chatId)),
    });
    const messageId = ids.at(-1);
    const { keyboard } = rendered;
    if (messageId !== undefined && keyboard !== null) await this.setKeyboard({ chatId, messageId, keyboard });
  }

  private async edit(chatId: number, messageId: number, { rendered, index }: Part): Promise<boolean> {
    const { api, sender } = this.connection;
    const answer = await sender.call(chatId, (current) =>
      api.call('editMessageText', { chat_id: current, message_id: messageId, ...contentOf(rendered, index) }),
    );
    if (answer.isOk || answer.refusal.kind === 'not-modified') return true;
    if (answer.refusal.kind === 'message-gone') return false;
    throw refusalError(answer.refusal, String(chatId));
  }

  // Parts that a shorter content does not need; what Telegram does not delete (after 48 hours) at least loses its buttons.
  private async remove(chatId: number, messageIds: readonly number[]): Promise<void> {
    const { api, sender } = this.connection;
    for (const messageId of messageIds) {
      const answer = await api.call('deleteMessage', { chat_id: sender.currentId(chatId), message_id: messageId });
      if (!answer.isOk && answer.refusal.kind !== 'message-gone') {
        await this.setKeyboard({ chatId, messageId, keyboard: null });
      }
    }
  }
}

function contentOf({ parts, keyboard }: RenderedMessage, index: number) {
  const { text = '', entities = [] } = parts[index] ?? {};
  const isLast = index === parts.length - 1;
  const markup: { reply_markup?: InlineKeyboard } = isLast && keyboard !== null ? { reply_markup: keyboard } : {};
  return { text, entities, link_preview_options: { is_disabled: true }, ...markup };
}

function resultOf<T>(answer: ApiAnswer<T>, chatId: number): T {
  if (answer.isOk) return answer.result;
  throw refusalError(answer.refusal, String(chatId));
}
