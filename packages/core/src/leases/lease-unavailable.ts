import { AppError, isAppError } from '../errors/app-error.js';

/** Runs what may find the store away, and says so in the words of `LeaseStore`; for implementers on a store of the log. */
export async function withLeaseErrors<T>(act: () => Promise<T> | T): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!isAppError(error) || error.code !== 'DW_LOG_UNAVAILABLE') throw error;
    throw new AppError('DW_LEASE_UNAVAILABLE', error.message, { isRetryable: true, retryAfterMs: 1_000, cause: error });
  }
}
