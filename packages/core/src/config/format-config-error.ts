import { isAppError } from '../errors/app-error.js';
import { describeErrorCode } from '../errors/error-codes.js';

/** Writes an error for the human who starts the program: message, remedy and code; a stack trace only for what nobody expected. */
export function formatConfigError(error: unknown): string {
  if (isAppError(error)) return `${error.message}\n${describeErrorCode(error.code).remedy} [${error.code}]`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
