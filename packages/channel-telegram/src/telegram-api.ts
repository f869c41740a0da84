import type { Secret } from '@dogwatch/core';
import { Telegram, TelegramError } from 'telegraf';
import type { ApiAnswer, ApiRefusal, RefusalKind } from './api-answer.js';

/** How a call is made. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds until the answer must be there; 15,000 if absent. */
  readonly timeoutMs?: number;
}

const usualTimeoutMs = 15_000;

const descriptions: readonly { readonly kind: RefusalKind; readonly pattern: RegExp }[] = [
  { kind: 'not-modified', pattern: /message is not modified/i },
  {
    kind: 'message-gone',
    pattern: /message to (edit|delete) not found|message can't be (edited|deleted)|MESSAGE_ID_INVALID/i,
  },
  {
    kind: 'chat-closed',
    pattern: /chat not found|chat was deleted|have no rights|not enough rights|thread not found|TOPIC_CLOSED/i,
  },
];

function kindOf(error: TelegramError): RefusalKind {
  if (error.parameters?.migrate_to_chat_id !== undefined) return 'chat-moved';
  switch (error.code) {
    case 401:
    case 404:
      return 'unauthorized';
    case 403:
      return 'chat-closed';
    case 409:
      return 'conflict';
    case 429:
      return 'wait';
  }
  if (error.code >= 500) return 'unreachable';
  return descriptions.find(({ pattern }) => pattern.test(error.description))?.kind ?? 'refused';
}

// The vendor's network errors quote the address, and with it the token, so only their short codes are passed on.
function describeNetworkError(error: unknown): string {
  const { code, type, name } = error as { code?: unknown; type?: unknown; name?: unknown };
  const word = [code, type, name].find((candidate) => typeof candidate === 'string') ?? 'unknown reason';
  return `no answer (${String(word)})`;
}

function refusalOf(method: string, error: unknown): ApiRefusal {
  if (!(error instanceof TelegramError)) {
    const description = describeNetworkError(error);
    return { kind: 'unreachable', method, description, retryAfterMs: null, newChatId: null };
  }
  const { retry_after: seconds, migrate_to_chat_id: newChatId } = error.parameters ?? {};
  return {
    kind: kindOf(error),
    method,
    description: error.description || `status ${error.code}`,
    retryAfterMs: seconds === undefined ? null : seconds * 1_000,
    newChatId: newChatId ?? null,
  };
}

/** The Bot API as calls that never throw and never tell the token. */
export class TelegramApi {
  private readonly client: Telegram;

  constructor(token: Secret, apiRoot: string) {
    this.client = new Telegram(token.reveal(), { apiRoot, webhookReply: false });
  }

  /** Calls a method, https://core.telegram.org/bots/api#available-methods */
  async call<T>(method: string, payload: object, options: CallOptions = {}): Promise<ApiAnswer<T>> {
    const deadline = AbortSignal.timeout(options.timeoutMs ?? usualTimeoutMs);
    const signal = options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]);
    try {
      const result: unknown = await this.client.callApi(method as never, payload as never, { signal } as never);
      return { isOk: true, result: result as T };
    } catch (error) {
      return { isOk: false, refusal: refusalOf(method, error) };
    }
  }
}
