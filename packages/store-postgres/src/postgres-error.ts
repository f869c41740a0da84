import { AppError, isAppError } from '@dogwatch/core';

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. See that it runs',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ENOTFOUND: 'the host is unknown. Correct DATABASE_URL',
  EAI_AGAIN: 'the host cannot be looked up now',
  ETIMEDOUT: 'the host does not answer',
  '28P01': 'it does not take the password. Correct DATABASE_URL',
  '28000': 'it does not let this user in. Correct DATABASE_URL, or its pg_hba.conf',
  '3D000': 'the database does not exist. Create it, or correct DATABASE_URL',
  '42501': 'the user lacks a right there. Let it own the database, or grant what the message names',
  '53100': 'its disk is full. Free some space',
  '53300': 'it has too many connections. Lower DATABASE_POOL_SIZE, or raise its max_connections',
  '25006': 'it is read-only, perhaps a standby. Correct DATABASE_URL',
  '57014': 'a statement took longer than DATABASE_STATEMENT_TIMEOUT_MS',
  '57P01': 'it is shutting down',
  '57P02': 'it is restarting after a crash',
  '57P03': 'it is starting or shutting down',
};

interface VendorError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly errors?: readonly unknown[];
  readonly severity?: unknown;
}

/** Turns what the PostgreSQL library throws into `DW_LOG_UNAVAILABLE`; an AppError passes as it is. `where` holds no secret. */
export function translatePostgresError(error: unknown, where: string): AppError {
  if (isAppError(error)) return error;
  const { code, message, errors } = (error ?? {}) as VendorError;
  const name = typeof code === 'string' ? code : '';
  const reason = reasons[name];
  const plain = String(message || (errors?.[0] as VendorError | undefined)?.message || error);
  const text = reason === undefined ? plain : `${reason} (${name}: ${plain})`;
  return unavailable(`The store '${where}' failed: ${text}.`, error);
}

/** Whether the server itself refused a statement, so that nothing of its transaction is left and the connection is sound. */
export function isStatementError(error: unknown): boolean {
  const { code, severity } = (error ?? {}) as VendorError;
  return severity === 'ERROR' && typeof code === 'string' && !/^(08|25006|53|57|58|XX)/.test(code);
}

/** What the store answers when it is asked before it is open or after it was closed. */
export function storeClosedError(where: string): AppError {
  return unavailable(`The store '${where}' is not open. Call it between the start and the stop of the app.`, undefined);
}

function unavailable(message: string, cause: unknown): AppError {
  return new AppError('DW_LOG_UNAVAILABLE', message, { isRetryable: true, retryAfterMs: 1_000, cause });
}
