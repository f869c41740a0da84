import { AppError, isAppError } from '@dogwatch/core';

const unknownAuthority =
  'its certificate is signed by an authority that is not known here. Give that one by DATABASE_SSL_CA_FILE (most providers ' +
  'offer it as a download), or do without the check by DATABASE_SSL=require';

const certificateReasons = Object.fromEntries(
  [
    'CERT_UNTRUSTED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ].map((code) => [code, unknownAuthority]),
);

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. See that it runs',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ENOTFOUND: 'the host is unknown. Correct DATABASE_URL',
  EAI_AGAIN: 'the host cannot be looked up now',
  ETIMEDOUT: 'the host does not answer',
  ...certificateReasons,
  ERR_TLS_CERT_ALTNAME_INVALID:
    "its certificate is for another name. Use that name in DATABASE_URL; where the provider's certificates have no name that " +
    "leads there, give its authority by DATABASE_SSL_CA_FILE and end DATABASE_URL with '?sslmode=verify-ca'",
  CERT_HAS_EXPIRED: 'its certificate, or one of DATABASE_SSL_CA_FILE, has expired. Renew it',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet. Check the clocks of both machines',
  EPROTO: 'TLS was not agreed on. See that DATABASE_URL names the port of PostgreSQL, and check DATABASE_SSL',
  '28P01': 'it does not take the password. Correct DATABASE_URL',
  '28000':
    "it does not let this user in. Correct DATABASE_URL, or its pg_hba.conf; where it says 'no encryption', set DATABASE_SSL",
  '3D000': 'the database does not exist. Create it, or correct DATABASE_URL',
  '42501': 'the user lacks a right there. Let it own the database, or grant what the message names',
  '53100': 'its disk is full. Free some space',
  '53300': 'it has too many connections. Lower DATABASE_POOL_SIZE, or raise its max_connections',
  '25P03': 'a transaction stood still for too long, and was given up with its locks',
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
  const reason = reasons[name] ?? withoutCode(String(message));
  const plain = String(message || (errors?.[0] as VendorError | undefined)?.message || error);
  const text = reason === undefined ? plain : `${reason} (${name === '' ? '' : `${name}: `}${plain})`;
  return unavailable(`The store '${where}' failed: ${text}.`, error);
}

// node-postgres gives this no code.
function withoutCode(message: string): string | undefined {
  if (!message.includes('does not support SSL')) return undefined;
  return "it offers no TLS. Turn that on there, or end DATABASE_URL with '?sslmode=disable' and set no DATABASE_SSL";
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
