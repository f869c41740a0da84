import type { LogFields, Logger } from '@dogwatch/core';

/** A line as it was logged. */
export interface RecordedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger that keeps its lines, and those of its children, for assertions. */
export class RecordingLogger implements Logger {
  readonly lines: RecordedLine[];
  private readonly fields: LogFields;

  constructor(parent?: RecordingLogger, fields: LogFields = {}) {
    this.lines = parent?.lines ?? [];
    this.fields = { ...parent?.fields, ...fields };
  }

  debug(event: string, message: string, fields?: LogFields): void {
    this.record({ level: 'debug', event, message, fields: fields ?? {} });
  }

  info(event: string, message: string, fields?: LogFields): void {
    this.record({ level: 'info', event, message, fields: fields ?? {} });
  }

  warn(event: string, message: string, fields?: LogFields): void {
    this.record({ level: 'warn', event, message, fields: fields ?? {} });
  }

  error(event: string, message: string, fields?: LogFields): void {
    this.record({ level: 'error', event, message, fields: fields ?? {} });
  }

  child(fields: LogFields): Logger {
    return new RecordingLogger(this, fields);
  }

  /** The lines of one event name, oldest first. */
  linesOf(event: string): readonly RecordedLine[] {
    return this.lines.filter((line) => line.event === event);
  }

  private record(line: RecordedLine): void {
    this.lines.push({ ...line, fields: { ...this.fields, ...line.fields } });
  }
}
