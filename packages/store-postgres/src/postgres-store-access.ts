import type { StoreAccess } from '@dogwatch/core';
import type { PostgresStoreConfig } from './config.js';
import { describeStore } from './data-source.js';
import { migrate, migrationStates } from './migrations/migrate.js';
import { PooledDatabase } from './postgres-database.js';
import { PostgresIncidentLog } from './postgres-incident-log.js';
import { PostgresLogArchive } from './postgres-log-archive.js';

/** Reaches a database without an app; an app, or several, may use it at the same time. */
export function postgresStoreAccess(config: PostgresStoreConfig): StoreAccess {
  return {
    description: `PostgreSQL at '${describeStore(config)}'`,

    async open() {
      const database = new PooledDatabase(config);
      await database.open();
      return {
        log: new PostgresIncidentLog(database),
        archive: new PostgresLogArchive(database),
        close: () => database.close(),
      };
    },

    migrations: () => migrationStates(config),

    migrate: (to) => migrate(config, { to }),
  };
}
