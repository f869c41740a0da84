import { AppError } from '@dogwatch/core';
import type { Destination, Logger, MessageReference, OutgoingMessage } from '@dogwatch/core';
import { refusalError } from './api-answer.js';
import type { ApiAnswer } from './api-answer.js';
import type { BotConnection } from './bot-connection.js';
import { CHANNEL_TYPE } from './parse-update.js';
import type { PressedMessage } from './pressed-keyboards.js';
import { MAX_PARTS, renderMessage } from './render-message.js';
import type { InlineKeyboard, RenderedMessage } from './render-message.js';
import { spellForTelegram } from './spell-for-telegram.js';

interface PostedMessage {
  readonly message_id: number;
}

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

/** Posts and changes messages; one that is too long for Telegram becomes several, which are changed together. */
export class MessagePoster {
  constructor(
    private readonly connection: BotConnection,
    private readonly logger: Logger,
  ) {}

  /** Posts a message as one or more, the buttons under the last. */
  async post(destination: Destination, message: OutgoingMessage): Promise<MessageReference> {
    const chatId = chatIdOf(destination);
    const rendered = renderMessage(spellForTelegram(message, chatId));
    return this.connection.sender.inOrder(chatId, () => this.postParts(destination, rendered));
  }

  /** Changes a posted message; `null` when it is not there any more. What does not fit where it stands is shortened. */
  async change(reference: MessageReference, message: OutgoingMessage): Promise<MessageReference | null> {
    const chatId = chatIdOf(reference.destination);
    const ids = messageIdsOf(reference);
    if (ids.length === 0) return null;
    const rendered = renderMessage(spellForTelegram(message, chatId), Math.min(ids.length, MAX_PARTS));
    return this.connection.sender.inOrder(chatId, async () => {
      for (const index of rendered.parts.keys()) {
        const isThere = await this.edit(chatId, ids[index] as number, { rendered, index });
        if (!isThere) {
          await this.remove(chatId, ids.slice(index));
          return null;
        }
      }
      const kept = ids.slice(0, rendered.parts.length);
      await this.remove(chatId, ids.slice(rendered.parts.length));
      return { destination: reference.destination, messageId: kept.join(',') };
    });
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
    this.logger.warn('telegram.keyboard-not-set', 'The buttons of a message could not be changed', {
      chat: chatId,
      error: refusalError(answer.refusal, String(chatId)),
    });
  }

  private async postParts(destination: Destination, rendered: RenderedMessage): Promise<MessageReference> {
    const chatId = chatIdOf(destination);
    const { api, sender } = this.connection;
    const ids: number[] = [];
    for (const index of rendered.parts.keys()) {
      const content = { ...contentOf(rendered, index), ...threadOf(destination) };
      const answer = await sender.call(chatId, (current) =>
        api.call<PostedMessage>('sendMessage', { chat_id: current, ...content }),
      );
      ids.push(resultOf(answer, chatId).message_id);
    }
    return { destination, messageId: ids.length === 0 ? null : ids.join(',') };
  }

  private async edit(
    chatId: number,
    messageId: number,
    { rendered, index }: { readonly rendered: RenderedMessage; readonly index: number },
  ): Promise<boolean> {
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
