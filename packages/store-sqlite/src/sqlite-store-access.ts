import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '@dogwatch/core';
import type { MigrationState, StoreAccess } from '@dogwatch/core';
import type { SqliteStoreConfig } from './config.js';
import { DataFolderLock } from './data-folder-lock.js';
import { allMigrations } from './migrations/all-migrations.js';
import { appliedMigrations, checkShape, migrate } from './migrations/migrate.js';
import { SqliteConnection } from './sqlite-connection.js';
import { SqliteIncidentLog } from './sqlite-incident-log.js';
import { SqliteLogArchive } from './sqlite-log-archive.js';
import { SqliteStoreFile } from './sqlite-store-file.js';

/** Reaches the file in a data folder that no app uses at the moment; `DW_STORE_FOLDER_IN_USE` while one does. */
export function sqliteStoreAccess(config: SqliteStoreConfig): StoreAccess {
  const folder = resolve(config.dataFolder);
  const path = join(folder, 'dogwatch.sqlite');

  function withConnection<T>(act: (connection: SqliteConnection) => T): T {
    const lock = DataFolderLock.acquire(folder);
    try {
      const connection = new SqliteConnection(path);
      try {
        return act(connection);
      } finally {
        connection.close();
      }
    } finally {
      lock.release();
    }
  }

  return {
    description: `SQLite in '${folder}'`,

    async open(use) {
      if (use !== 'fill' && !existsSync(path)) {
        const message = `There is no store in '${folder}'. Name the data folder of a Dogwatch by --data or DOGWATCH_DATA.`;
        throw new AppError('DW_STORE_SCHEMA_OLDER', message);
      }
      const file = new SqliteStoreFile(config);
      file.open((connection) => {
        if (use === 'fill' && appliedMigrations(connection).size === 0) migrate(connection);
        checkShape(connection);
      });
      return {
        log: new SqliteIncidentLog(file),
        archive: new SqliteLogArchive(file),
        close: () => Promise.resolve(file.close()),
      };
    },

    async migrations(): Promise<readonly MigrationState[]> {
      // Asking must not make a store.
      const applied = existsSync(path) ? withConnection(appliedMigrations) : new Map<number, string>();
      return allMigrations.map(({ version, name }) => ({ version, name, appliedAt: applied.get(version) ?? null }));
    },

    async migrate(to) {
      withConnection((connection) => migrate(connection, { to }));
    },
  };
}
