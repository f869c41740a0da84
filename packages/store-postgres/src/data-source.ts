import { AppError } from '@dogwatch/core';
import type { Client } from 'pg';
import { DataSource, type Logger as TypeormLogger } from 'typeorm';
import type { PostgresStoreConfig } from './config.js';
import { allEntities } from './entities/all-entities.js';
import { migrationClass } from './migrations/migration-class.js';
import type { Migration } from './migrations/migration.js';
import { storeClientClass } from './store-client.js';
import { serverAddress } from './tls-settings.js';

// The server gives a statement up first; this is for a server, or a network, that is silent.
const silenceMs = 5_000;

/** Where the database is, without user and password: `postgres://db.internal:5432/dogwatch`. */
export function describeStore(config: PostgresStoreConfig): string {
  try {
    const { host, pathname } = new URL(config.url?.reveal() ?? '');
    return `postgres://${host}${pathname}`;
  } catch {
    return 'PostgreSQL';
  }
}

function urlOf(config: PostgresStoreConfig): string {
  if (config.url !== null) return config.url.reveal();
  throw new AppError(
    'DW_CONFIG_INVALID',
    'The PostgreSQL store has no address. Set DATABASE_URL, or install another store.',
  );
}

/** Settings of node-postgres. */
export type ClientOptions = Readonly<Record<string, unknown>>;

/** Connection settings, for the pool and for the connections beside it. */
export function clientOptions(config: PostgresStoreConfig): ClientOptions {
  return {
    ...serverAddress(urlOf(config), config),
    application_name: 'dogwatch',
    keepAlive: true,
    connectionTimeoutMillis: config.connectTimeoutMs,
    query_timeout: config.statementTimeoutMs + silenceMs,
  };
}

/** Makes a connection of its own, not yet connected, that keeps the time limits of the settings; `overrides` are settings of node-postgres. */
export function makeClient(config: PostgresStoreConfig, overrides: ClientOptions = {}): Client {
  return new (storeClientClass(config))({ ...clientOptions(config), ...overrides });
}

/** Makes a data source, not yet connected, that knows these migrations; `overrides` are settings of node-postgres. */
export function makeDataSource(
  config: PostgresStoreConfig,
  migrations: readonly Migration[],
  overrides: ClientOptions = {},
): DataSource {
  return new DataSource({
    type: 'postgres',
    logger: silentLogger,
    entities: [...allEntities],
    migrations: migrations.map(migrationClass),
    migrationsTableName: 'typeorm_migrations',
    migrationsTransactionMode: 'each',
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    poolSize: config.poolSize,
    // An idle connection that breaks is no event: the pool makes a new one when it needs one.
    poolErrorHandler: () => undefined,
    extra: { ...clientOptions(config), Client: storeClientClass(config), ...overrides },
  });
}

// Left alone, TypeORM writes failed migrations to the console, although it throws as well.
const silentLogger: TypeormLogger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};
