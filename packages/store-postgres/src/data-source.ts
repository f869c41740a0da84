import { readFileSync } from 'node:fs';
import { AppError } from '@dogwatch/core';
import pg from 'pg';
import { DataSource, type Logger as TypeormLogger } from 'typeorm';
import type { PostgresStoreConfig } from './config.js';
import { allEntities } from './entities/all-entities.js';
import { migrationClass } from './migrations/migration-class.js';
import type { Migration } from './migrations/migration.js';

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

/** Connection settings, for the pool and for the connection that listens. */
export function clientOptions(config: PostgresStoreConfig): ClientOptions {
  const url = urlOf(config);
  const ca = config.sslCaFile === null ? {} : { ca: readFileSync(config.sslCaFile, 'utf8') };
  const ssl = config.ssl === 'url' ? {} : { ssl: { rejectUnauthorized: config.ssl === 'verify', ...ca } };
  return {
    connectionString: config.ssl === 'url' ? url : withoutSslMode(url),
    ...ssl,
    application_name: 'dogwatch',
    keepAlive: true,
    connectionTimeoutMillis: config.connectTimeoutMs,
    statement_timeout: config.statementTimeoutMs,
    idle_in_transaction_session_timeout: config.statementTimeoutMs,
    query_timeout: config.statementTimeoutMs + silenceMs,
  };
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
    extra: { ...clientOptions(config), Client: QuietClient, ...overrides },
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

/** A connection whose break does not end the process: whatever runs on it fails, and that is enough. */
class QuietClient extends pg.Client {
  constructor(options: pg.ClientConfig) {
    super(options);
    this.on('error', () => undefined);
  }
}

// An address that says something about encryption wins over what stands beside it.
function withoutSslMode(url: string): string {
  const parsed = new URL(url);
  for (const name of [...parsed.searchParams.keys()]) if (name.startsWith('ssl')) parsed.searchParams.delete(name);
  return parsed.toString();
}
