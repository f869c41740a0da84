import { AppError, isAppError } from '@dogwatch/core';
import type { ErrorCode } from '@dogwatch/core';

/** Turns what the client throws into a retryable error of the port; an AppError passes as it is. */
export function translateRedisError(error: unknown, code: ErrorCode): AppError {
  if (isAppError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError(code, `Redis failed: ${reason}. Look at the check named redis in /health; then try again.`, {
    isRetryable: true,
    retryAfterMs: 1_000,
    cause: error,
  });
}

/** Asks Redis; whatever goes wrong is thrown with the code of the port. */
export async function askRedis<T>(code: ErrorCode, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw translateRedisError(error, code);
  }
}
