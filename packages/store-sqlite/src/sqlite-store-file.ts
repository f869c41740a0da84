import { join, resolve } from 'node:path';
import { inject, injectable } from '@dogwatch/core';
import { SqliteStoreConfig } from './config.js';
import { DataFolderLock } from './data-folder-lock.js';
import { GroupCommit } from './group-commit.js';
import { migrate } from './migrations/migrate.js';
import { SqliteConnection } from './sqlite-connection.js';
import { storeClosedError } from './sqlite-error.js';
import { endAllLeases } from './sqlite-lease-store.js';
import type { StoreFile } from './store-file.js';

/** `dogwatch.sqlite` in the data folder. */
@injectable()
export class SqliteStoreFile implements StoreFile {
  readonly path: string;
  private readonly folder: string;
  private lock: DataFolderLock | null = null;
  private opened: SqliteConnection | null = null;
  private readonly commits = new GroupCommit(() => this.connection);

  constructor(@inject(SqliteStoreConfig) config: SqliteStoreConfig) {
    this.folder = resolve(config.dataFolder);
    this.path = join(this.folder, 'dogwatch.sqlite');
  }

  get connection(): SqliteConnection {
    if (this.opened === null) throw storeClosedError(this.path);
    return this.opened;
  }

  write<T>(body: (connection: SqliteConnection) => T): Promise<T> {
    return this.commits.write(body);
  }

  /** `prepare` is what is done to the file before it is used; an app brings it to the newest shape. */
  open(prepare: (connection: SqliteConnection) => void = takeOver): void {
    this.lock = DataFolderLock.acquire(this.folder);
    try {
      this.opened = new SqliteConnection(this.path);
      prepare(this.opened);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    this.commits.flush();
    const { opened, lock } = this;
    this.opened = null;
    this.lock = null;
    try {
      opened?.close();
    } finally {
      lock?.release();
    }
  }
}

function takeOver(connection: SqliteConnection): void {
  migrate(connection);
  endAllLeases(connection);
}
