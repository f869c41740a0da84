import type { ErrorCode } from './error-codes.js';

const brand = Symbol.for('dogwatch/app-error');

/** One of the problems behind an error: where it is (a path, key or name), and what is wrong there. */
export interface ErrorDetail {
  readonly path: string;
  readonly message: string;
}

/** What an AppError carries besides its code and message. */
export interface AppErrorOptions {
  readonly details?: readonly ErrorDetail[];
  /** True when the same call may succeed later without anybody changing anything. */
  readonly isRetryable?: boolean;
  /** How long to wait at least before trying again. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** The one error that Dogwatch throws on purpose; recognise it with `isAppError`, tell kinds apart by `code`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: readonly ErrorDetail[];
  readonly isRetryable: boolean;
  readonly retryAfterMs?: number;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? [];
    this.isRetryable = options.isRetryable ?? false;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Says whether a value is an AppError, also one of another copy of this package, where `instanceof` would say no. */
export function isAppError(value: unknown): value is AppError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}
