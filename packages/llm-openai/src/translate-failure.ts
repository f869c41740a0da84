import { APIConnectionError, APIError } from 'openai';
import { AppError, isAppError } from '@dogwatch/core';

/** What a failed request was about. */
export interface FailedRequest {
  readonly baseUrl: string;
  readonly model: string;
}

const retryableStatuses = new Set([408, 409, 500, 502, 503, 504, 529]);
const maxMessageLength = 300;

/** The error of the port for whatever the library threw. */
export function translateFailure(error: unknown, { baseUrl, model }: FailedRequest): AppError {
  if (isAppError(error)) return error;
  const who = `The model '${model}' at ${baseUrl}`;
  if (error instanceof APIConnectionError) {
    return new AppError('DW_LLM_UNAVAILABLE', `${who} cannot be reached: ${describe(deepest(error))}.`, {
      isRetryable: true,
      cause: error,
    });
  }
  if (error instanceof APIError && typeof error.status === 'number') return translateStatus(error, who);
  // What is not JSON comes as a bare SyntaxError.
  if (error instanceof SyntaxError) return answerInvalid(who, describe(error), error);
  // An error in the middle of a stream has no status; a broken connection comes as a bare TypeError.
  return new AppError('DW_LLM_UNAVAILABLE', `${who} broke off: ${describe(deepest(error))}.`, {
    isRetryable: true,
    cause: error,
  });
}

/** The error for an answer that is not what the protocol allows. */
export function answerInvalid(who: string, problem: string, cause?: unknown): AppError {
  const message = `${who} answered what is no chat completion: ${problem}.`;
  return new AppError('DW_LLM_ANSWER_INVALID', message, { isRetryable: true, cause });
}

function translateStatus(error: APIError, who: string): AppError {
  const status = error.status as number;
  const said = `${status} ${describe(error)}`;
  const retryAfterMs = readRetryAfter(error.headers);
  const options = { isRetryable: true, cause: error, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
  if (status === 429 && error.code !== 'insufficient_quota') {
    return new AppError('DW_LLM_RATE_LIMITED', `${who} takes no more requests for now: ${said}.`, options);
  }
  if (retryableStatuses.has(status)) {
    return new AppError('DW_LLM_UNAVAILABLE', `${who} is not well: ${said}.`, options);
  }
  const remedy = 'See OPENAI_API_KEY, OPENAI_BASE_URL and the name of the model.';
  return new AppError('DW_LLM_REFUSED', `${who} refuses the request: ${said}. ${remedy}`, { cause: error });
}

function readRetryAfter(headers: Headers | undefined): number | null {
  const exact = Number(headers?.get('retry-after-ms') ?? NaN);
  if (Number.isFinite(exact)) return exact;
  const text = headers?.get('retry-after') ?? null;
  if (text === null) return null;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

function deepest(error: unknown): unknown {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  return inner;
}

function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\.$/, '').slice(0, maxMessageLength);
}
