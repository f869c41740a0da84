import { AppError } from '@dogwatch/core';
import type { ErrorCode } from '@dogwatch/core';

/** Why Telegram did not do what it was asked for. */
export type RefusalKind =
  | 'not-modified'
  | 'message-gone'
  | 'chat-closed'
  | 'chat-moved'
  | 'wait'
  | 'conflict'
  | 'unauthorized'
  | 'unreachable'
  | 'refused';

/** What Telegram did not do, and why; never holds the token. */
export interface ApiRefusal {
  readonly kind: RefusalKind;
  readonly method: string;
  /** In Telegram's words, or those of the network. */
  readonly description: string;
  /** For `wait`: milliseconds. */
  readonly retryAfterMs: number | null;
  /** For `chat-moved`: where the chat is now. */
  readonly newChatId: number | null;
}

/** The answer to a call of the Bot API. */
export type ApiAnswer<T> =
  { readonly isOk: true; readonly result: T } | { readonly isOk: false; readonly refusal: ApiRefusal };

interface KindError {
  readonly code: ErrorCode;
  readonly isRetryable: boolean;
  readonly remedy: string;
}

const refused: KindError = { code: 'DW_TELEGRAM_REFUSED', isRetryable: false, remedy: 'Report it with this message.' };
const closed: KindError = {
  code: 'DW_TELEGRAM_CHAT_CLOSED',
  isRetryable: false,
  remedy: 'Let the bot in again, or remove the chat from telegram.chats.',
};

const errors: Readonly<Record<RefusalKind, KindError>> = {
  'not-modified': refused,
  'message-gone': refused,
  'chat-closed': closed,
  'chat-moved': closed,
  wait: { code: 'DW_TELEGRAM_BUSY', isRetryable: true, remedy: 'It is tried again later.' },
  conflict: {
    code: 'DW_TELEGRAM_CONFLICT',
    isRetryable: true,
    remedy: 'Stop the other program, or make a bot of its own for this Dogwatch.',
  },
  unauthorized: {
    code: 'DW_TELEGRAM_TOKEN',
    isRetryable: false,
    remedy: 'Set TELEGRAM_BOT_TOKEN to the token that @BotFather shows for the bot.',
  },
  unreachable: {
    code: 'DW_TELEGRAM_UNREACHABLE',
    isRetryable: true,
    remedy: 'Check that this machine reaches the Bot API (api.telegram.org, port 443).',
  },
  refused,
};

/** The error for a refusal that ends what somebody asked for; `chat` names where it should have happened. */
export function refusalError({ kind, method, description, retryAfterMs }: ApiRefusal, chat?: string): AppError {
  const { code, isRetryable, remedy } = errors[kind];
  const where = chat === undefined ? '' : ` in chat '${chat}'`;
  return new AppError(code, `Telegram did not do '${method}'${where}: ${description}. ${remedy}`, {
    isRetryable,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}
