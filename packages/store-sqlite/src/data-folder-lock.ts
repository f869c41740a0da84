import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { AppError } from '@dogwatch/core';
import { translateSqliteError } from './sqlite-error.js';

/** Holds a data folder for this process; the operating system gives it up when the process ends, however that happens. */
export class DataFolderLock {
  private constructor(private readonly database: Database.Database) {}

  /** Makes the folder if need be, for its owner alone; throws `DW_STORE_FOLDER_IN_USE` when another process holds it. */
  static acquire(folder: string): DataFolderLock {
    const file = join(folder, 'lock.sqlite');
    let database: Database.Database | null = null;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      database = new Database(file);
      // Nobody writes to this file: the open transaction is all there is to it.
      database.exec('BEGIN EXCLUSIVE');
      return new DataFolderLock(database);
    } catch (error) {
      database?.close();
      if ((error as { code?: unknown }).code === 'SQLITE_BUSY') throw inUse(folder, error);
      throw translateSqliteError(error, file);
    }
  }

  /** Gives the folder up; idempotent. */
  release(): void {
    if (this.database.open) this.database.close();
  }
}

function inUse(folder: string, cause: unknown): AppError {
  return new AppError(
    'DW_STORE_FOLDER_IN_USE',
    `The data folder '${folder}' is in use by another Dogwatch. Stop that one, or set DOGWATCH_DATA to another folder.`,
    { cause },
  );
}
