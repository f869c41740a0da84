import { definePort } from '../di/define-port.js';

/** Fields beside a log message; `error` takes an Error, secrets print as `[redacted]`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logs: a stable event name, a static message, and what varies as fields. */
export interface Logger {
  debug(event: string, message: string, fields?: LogFields): void;
  info(event: string, message: string, fields?: LogFields): void;
  warn(event: string, message: string, fields?: LogFields): void;
  error(event: string, message: string, fields?: LogFields): void;
  /** A logger whose lines all carry `fields`. */
  child(fields: LogFields): Logger;
}
export const Logger = definePort<Logger>('core.Logger');
