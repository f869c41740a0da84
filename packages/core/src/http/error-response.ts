import { isAppError } from '../errors/app-error.js';
import { describeErrorCode } from '../errors/error-codes.js';
import type { ErrorCode } from '../errors/error-codes.js';

/** The body of every answer that is an error. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: readonly { readonly path: string; readonly message: string }[];
  };
}

/** An error ready to be sent. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody;
  /** True when it is our fault, not the caller's, and belongs into the log. */
  readonly isUnexpected: boolean;
}

/** Makes the error body of a code. */
export function errorBody(code: ErrorCode, message: string): ErrorBody {
  return { error: { code, message, details: [] } };
}

const unexpected: ErrorAnswer = {
  status: 500,
  headers: {},
  body: errorBody('DW_HTTP_INTERNAL', 'Something went wrong inside Dogwatch; its log has the details.'),
  isUnexpected: true,
};

/** Turns whatever a route threw into an answer; only registered errors show their message to the caller. */
export function toErrorAnswer(error: unknown): ErrorAnswer {
  if (!isAppError(error)) return unexpected;
  const status = describeErrorCode(error.code).status ?? 500;
  const { code, message, details } = error;
  const retryAfter =
    error.retryAfterMs !== undefined ? Math.ceil(error.retryAfterMs / 1000) : status === 503 ? 5 : undefined;
  return {
    status,
    headers: retryAfter === undefined ? {} : { 'retry-after': String(Math.max(1, retryAfter)) },
    body: { error: { code, message, details } },
    isUnexpected: status === 500,
  };
}
