import { definePort } from '@dogwatch/core';
import type { SqliteConnection } from './sqlite-connection.js';

/** The store's file: locked, migrated and open between `open` and `close`. */
export interface StoreFile {
  /** Whole path of the database file. */
  readonly path: string;
  /** The one connection; throws `DW_LOG_UNAVAILABLE` while the file is not open. */
  readonly connection: SqliteConnection;
  /**
   * Runs a synchronous body in a transaction, together with others that were asked for at about the same time; resolves when
   * it is on the disk. A body that throws leaves nothing, and rejects.
   */
  write<T>(body: (connection: SqliteConnection) => T): Promise<T>;
  /** Takes the data folder for this process and brings the file to the newest shape. */
  open(): void;
  /** Writes what is waiting, closes the file and gives the folder up; idempotent. */
  close(): void;
}
export const StoreFile = definePort<StoreFile>('store-sqlite.StoreFile');
