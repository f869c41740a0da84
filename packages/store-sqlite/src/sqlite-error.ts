import { AppError, isAppError } from '@dogwatch/core';

const reasons: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'the disk is full. Free some space',
  SQLITE_READONLY: 'the file is read-only. Make it and its folder writable',
  SQLITE_CORRUPT: 'the file is damaged. Stop Dogwatch and restore the file from a backup',
  SQLITE_NOTADB: 'the file is no SQLite database. Stop Dogwatch and restore the file from a backup',
  SQLITE_BUSY: 'another program holds the file locked. Close that program',
  SQLITE_IOERR: 'the disk does not read or write. Look at the disk',
  SQLITE_CANTOPEN: 'the file cannot be opened. Look at the rights of its folder',
};

interface VendorError {
  readonly code?: unknown;
  readonly rawCode?: unknown;
  readonly message?: unknown;
}

/** Turns what the SQLite library throws into `DW_LOG_UNAVAILABLE`; an AppError passes as it is. */
export function translateSqliteError(error: unknown, file: string): AppError {
  if (isAppError(error)) return error;
  const { code, message } = (error ?? {}) as VendorError;
  const name = Object.keys(reasons).find((known) => typeof code === 'string' && code.startsWith(known));
  const reason = name === undefined ? String(message ?? error) : `${reasons[name]} (${String(code)})`;
  return new AppError('DW_LOG_UNAVAILABLE', `The store '${file}' failed: ${reason}.`, {
    isRetryable: true,
    retryAfterMs: 1_000,
    cause: error,
  });
}

/** What the store answers when it is asked before it is open or after it was closed. */
export function storeClosedError(file: string): AppError {
  return new AppError(
    'DW_LOG_UNAVAILABLE',
    `The store '${file}' is not open. Call it between the start and the stop of the app.`,
    { isRetryable: true, retryAfterMs: 1_000 },
  );
}
