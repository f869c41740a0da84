import { AppError } from '@dogwatch/core';
import type { OpenedStore, StoreAccess } from '@dogwatch/core';
import type { PostgresStoreConfig } from './config.js';
import { describeStore, makeClient } from './data-source.js';
import { checkShape, migrate, migrationStates } from './migrations/migrate.js';
import { PooledDatabase } from './postgres-database.js';
import { translatePostgresError } from './postgres-error.js';
import { PostgresIncidentLog } from './postgres-incident-log.js';
import { PostgresLogArchive } from './postgres-log-archive.js';
import { takeUse } from './use-lock.js';

/** Reaches a database without an app; an app, or several, may use it at the same time, but not while it is filled. */
export function postgresStoreAccess(config: PostgresStoreConfig): StoreAccess {
  return {
    description: `PostgreSQL at '${describeStore(config)}'`,

    open: (use) => (use === 'fill' ? openAlone(config) : openAsItIs(config)),

    migrations: () => migrationStates(config),

    migrate: (to) => migrate(config, { to }),
  };
}

async function openAsItIs(config: PostgresStoreConfig): Promise<OpenedStore> {
  await checkShape(
    config,
    "this does not change it. Run 'dogwatch migrate up', or the dogwatch of the version that wrote it",
  );
  const database = new PooledDatabase({ ...config, migrate: false });
  await database.open();
  return {
    log: new PostgresIncidentLog(database),
    archive: new PostgresLogArchive(database),
    close: () => database.close(),
  };
}

async function openAlone(config: PostgresStoreConfig): Promise<OpenedStore> {
  const release = await keepReplicasOut(config);
  try {
    const isNew = (await migrationStates(config)).every((state) => state.appliedAt === null);
    if (isNew) await migrate(config);
    const { close, ...opened } = await openAsItIs(config);
    return { ...opened, close: () => close().finally(release) };
  } catch (error) {
    await release();
    throw error;
  }
}

async function keepReplicasOut(config: PostgresStoreConfig): Promise<() => Promise<void>> {
  const client = makeClient(config);
  const release = (): Promise<void> => client.end();
  let isAlone: boolean;
  try {
    await client.connect();
    isAlone = await takeUse(client);
  } catch (error) {
    await release();
    throw translatePostgresError(error, describeStore(config));
  }
  if (isAlone) return release;
  await release();
  throw new AppError(
    'DW_STORE_IN_USE',
    `The store '${describeStore(config)}' is in use by a running Dogwatch, or is being filled already. Stop every replica that ` +
      'has this database, then try again; they can start again once it is filled.',
  );
}
