import Database from 'libsql';
import { AppError } from '@dogwatch/core';
import { storeClosedError, translateSqliteError } from './sqlite-error.js';

/** What may be bound to a `?` and what a column gives back. */
export type SqlValue = string | number | null;

/** A row by column names. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

interface CachedStatement {
  readonly statement: Database.Statement;
  readonly placeholders: number;
  readonly columns: readonly string[];
}

const fullSync = 2;

/** How to open a database file. */
export interface SqliteConnectionOptions {
  /** How long a statement waits for another program's lock; 0 = not at all. */
  readonly busyTimeoutMs: number;
}

/**
 * One connection to one database file, in WAL mode and with every commit on the disk before it returns.
 *
 * It closes the traps of the library beneath, which binds NULL where a value is missing, ends the process on a boolean, cuts
 * text at a NUL, replaces lone surrogates, rounds large integers, adds a column of its own to rows, and commits a
 * transaction of which the body is asynchronous and fails later. Every failure of the library is `DW_LOG_UNAVAILABLE`.
 */
export class SqliteConnection {
  private readonly database: Database.Database;
  private readonly statements = new Map<string, CachedStatement>();
  private isOpen = true;

  constructor(
    readonly file: string,
    options: SqliteConnectionOptions = { busyTimeoutMs: 2_000 },
  ) {
    this.database = this.translated(() => new Database(file, { timeout: options.busyTimeoutMs }));
    try {
      this.setUp();
    } catch (error) {
      this.database.close();
      throw error;
    }
  }

  private setUp(): void {
    this.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    const mode = this.get('PRAGMA journal_mode')?.['journal_mode'];
    const synchronous = this.get('PRAGMA synchronous')?.['synchronous'];
    if (mode !== 'wal' || synchronous !== fullSync) {
      throw new AppError(
        'DW_LOG_UNAVAILABLE',
        `The store '${this.file}' cannot be made durable: journal_mode is '${mode}', synchronous is '${synchronous}'. ` +
          'Put it on a local disk; network file systems cannot do it.',
      );
    }
  }

  /** Runs statements that bind nothing and answer nothing. */
  exec(sql: string): void {
    this.translated(() => this.database.exec(sql));
  }

  /** Runs one statement; answers the rowid of the row that it inserted last. */
  run(sql: string, ...values: readonly SqlValue[]): number {
    const { statement } = this.prepare(sql, values);
    return this.translated(() => toSafeNumber(statement.run([...values]).lastInsertRowid, sql));
  }

  /** The first row, or `null`. */
  get(sql: string, ...values: readonly SqlValue[]): SqlRow | null {
    const { statement, columns } = this.prepare(sql, values);
    const row = this.translated(() => statement.get([...values])) as readonly unknown[] | undefined;
    return row === undefined ? null : toRow(row, columns, sql);
  }

  /** All rows. */
  all(sql: string, ...values: readonly SqlValue[]): readonly SqlRow[] {
    const { statement, columns } = this.prepare(sql, values);
    const rows = this.translated(() => statement.all([...values])) as readonly (readonly unknown[])[];
    return rows.map((row) => toRow(row, columns, sql));
  }

  /** Runs a synchronous body in a transaction: all of it is on the disk when this returns, or nothing. */
  transaction<T>(body: () => T): T {
    this.run('BEGIN IMMEDIATE');
    try {
      const result = body();
      refusePromise(result);
      this.run('COMMIT');
      return result;
    } catch (error) {
      // A full disk makes SQLite roll back by itself, and rolling back twice is an error that would hide the first one.
      if (this.isInTransaction) this.run('ROLLBACK');
      throw error;
    }
  }

  /** Within a transaction: runs a synchronous body of which nothing is left when it throws. */
  savepoint<T>(body: () => T): T {
    this.run('SAVEPOINT part');
    try {
      const result = body();
      refusePromise(result);
      this.run('RELEASE part');
      return result;
    } catch (error) {
      if (this.isInTransaction) {
        this.run('ROLLBACK TO part');
        this.run('RELEASE part');
      }
      throw error;
    }
  }

  /** False also where SQLite gave a transaction up by itself. */
  get isInTransaction(): boolean {
    return this.isOpen && this.database.inTransaction;
  }

  /** Closes the file, with all that was written in it and not beside it; idempotent. */
  close(): void {
    if (!this.isOpen) return;
    try {
      // The library keeps the file open until the last statement is garbage, so SQLite does not do this in time by itself.
      this.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.statements.clear();
      this.translated(() => this.database.close());
      this.isOpen = false;
    }
  }

  private prepare(sql: string, values: readonly SqlValue[]): CachedStatement {
    // Without this check a statement that was prepared before goes on working on the closed file.
    if (!this.isOpen) throw storeClosedError(this.file);
    let cached = this.statements.get(sql);
    if (cached === undefined) {
      const statement = this.translated(() => this.database.prepare(sql).safeIntegers(true));
      const columns = statement.reader ? statement.raw(true).columns() : [];
      cached = { statement, placeholders: countPlaceholders(sql), columns: columns.map((column) => column.name) };
      this.statements.set(sql, cached);
    }
    checkValues(sql, values, cached.placeholders);
    return cached;
  }

  private translated<T>(act: () => T): T {
    if (!this.isOpen) throw storeClosedError(this.file);
    try {
      return act();
    } catch (error) {
      throw translateSqliteError(error, this.file);
    }
  }
}

function countPlaceholders(sql: string): number {
  const bare = sql.replace(/'[^']*'|"[^"]*"|--[^\n]*/g, '');
  if (/\?\d|[:@$][A-Za-z_]/.test(bare)) throw misuse(sql, "has a numbered or named placeholder. Use '?' alone");
  return bare.split('?').length - 1;
}

function checkValues(sql: string, values: readonly SqlValue[], placeholders: number): void {
  if (values.length !== placeholders) {
    throw misuse(sql, `has ${placeholders} placeholders, but got ${values.length} values`);
  }
  for (const value of values as readonly unknown[]) {
    if (value === null || (typeof value === 'string' && isStorable(value))) continue;
    if (
      typeof value === 'number' &&
      (Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value)))
    )
      continue;
    throw misuse(
      sql,
      `got a value that SQLite would not keep: a ${typeof value}, ${JSON.stringify(String(value)).slice(0, 100)}`,
    );
  }
}

const loneSurrogate = /\p{Surrogate}/u;

function isStorable(text: string): boolean {
  return !text.includes('\u0000') && !loneSurrogate.test(text);
}

function toRow(row: readonly unknown[], columns: readonly string[], sql: string): SqlRow {
  return Object.fromEntries(columns.map((column, index) => [column, toSqlValue(row[index], sql)]));
}

function toSqlValue(value: unknown, sql: string): SqlValue {
  return typeof value === 'bigint' ? toSafeNumber(value, sql) : (value as SqlValue);
}

function toSafeNumber(value: number | bigint, sql: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw misuse(sql, `answers the integer ${value}, which a number cannot hold`);
  return number;
}

function refusePromise(result: unknown): void {
  if (typeof (result as { then?: unknown } | null)?.then === 'function') {
    throw new AppError(
      'DW_STORE_STATEMENT_INVALID',
      'The body of a transaction answered a promise. Make it synchronous.',
    );
  }
}

function misuse(sql: string, problem: string): AppError {
  return new AppError('DW_STORE_STATEMENT_INVALID', `The statement '${sql}' ${problem}. Correct the caller.`);
}
