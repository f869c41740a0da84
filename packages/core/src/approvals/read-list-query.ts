import { AppError } from '../errors/app-error.js';

const defaultLimit = 100;
const maxLimit = 500;

/** What a list of the API was asked for. */
export interface ListQuery {
  readonly status: string;
  readonly limit: number;
  readonly cursor: string | null;
}

/** Reads `status`, `limit` and `cursor`; the first status is the default. Throws `DW_HTTP_INVALID` naming what is wrong. */
export function readListQuery(query: URLSearchParams, statuses: readonly [string, ...string[]]): ListQuery {
  const status = query.get('status') ?? statuses[0];
  if (!statuses.includes(status)) refuse('status', `'${status}' is not one of ${statuses.join(', ')}`);
  const text = query.get('limit') ?? String(defaultLimit);
  const limit = Number(text);
  if (!/^\d{1,3}$/.test(text) || limit < 1 || limit > maxLimit) {
    refuse('limit', `'${text}' is not a whole number from 1 to ${maxLimit}`);
  }
  return { status, limit, cursor: query.get('cursor') };
}

function refuse(path: string, message: string): never {
  throw new AppError('DW_HTTP_INVALID', `The query is not as expected: ${path}: ${message}.`, {
    details: [{ path, message }],
  });
}
