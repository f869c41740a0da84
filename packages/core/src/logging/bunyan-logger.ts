import bunyan from 'bunyan';
import type { LogFields, Logger } from '../ports/logger.js';

/** Words for levels, the least important first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** From which level on lines are written. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where finished lines go. */
export interface LineSink {
  write(line: string): unknown;
}

const levelWords: Readonly<Record<number, LogLevel>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' };
const bunyanFields = new Set(['v', 'name', 'hostname', 'pid', 'level', 'time', 'msg', 'event']);

function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack } = error;
  const code = (error as { code?: unknown }).code;
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(stack === undefined || depth > 0 ? {} : { stack }),
    ...(error.cause === undefined || depth >= 3 ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}

function toLine(record: Readonly<Record<string, unknown>>): string {
  const line: Record<string, unknown> = {
    timestamp: (record['time'] as Date).toISOString(),
    level: levelWords[record['level'] as number] ?? 'error',
    event: record['event'],
    msg: record['msg'],
  };
  for (const [name, value] of Object.entries(record)) {
    if (!bunyanFields.has(name)) line[name] = value instanceof Error ? describeError(value) : value;
  }
  try {
    return `${JSON.stringify(line)}\n`;
  } catch (error) {
    // A field that cannot be written (a cycle, a BigInt) must not lose the line.
    const { timestamp, level, event, msg } = line;
    return `${JSON.stringify({ timestamp, level, event, msg, unwritable_fields: String(error) })}\n`;
  }
}

class BunyanLogger implements Logger {
  constructor(private readonly inner: bunyan) {}

  debug(event: string, message: string, fields: LogFields = {}): void {
    this.inner.debug({ ...fields, event }, '%s', message);
  }

  info(event: string, message: string, fields: LogFields = {}): void {
    this.inner.info({ ...fields, event }, '%s', message);
  }

  warn(event: string, message: string, fields: LogFields = {}): void {
    this.inner.warn({ ...fields, event }, '%s', message);
  }

  error(event: string, message: string, fields: LogFields = {}): void {
    this.inner.error({ ...fields, event }, '%s', message);
  }

  child(fields: LogFields): Logger {
    return new BunyanLogger(this.inner.child(fields, true));
  }
}

/** A logger that writes one JSON object a line: `timestamp`, `level` as a word, `event`, `msg`, then the fields. */
export function createLogger(options: { readonly level: LogLevel; readonly sink: LineSink }): Logger {
  const stream = {
    write: (record: unknown): void => {
      options.sink.write(toLine(record as Readonly<Record<string, unknown>>));
    },
  };
  return new BunyanLogger(
    bunyan.createLogger({
      name: 'dogwatch',
      serializers: {},
      streams: [{ type: 'raw', level: options.level, stream: stream as unknown as NodeJS.WritableStream }],
    }),
  );
}
