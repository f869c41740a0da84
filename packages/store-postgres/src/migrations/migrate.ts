import { AppError, type MigrationState } from '@dogwatch/core';
import type { Client } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresStoreConfig } from '../config.js';
import { describeStore, makeClient, makeDataSource } from '../data-source.js';
import { translatePostgresError } from '../postgres-error.js';
import { allMigrations } from './all-migrations.js';
import { checksumOf } from './migration-class.js';
import type { Migration } from './migration.js';

// Any number that nobody else uses; it is the same for every version of Dogwatch.
const lockKey = 4_648_220_719;

/** Where to migrate to, and by what. */
export interface MigrateOptions {
  /** The version to go to, up or down; the newest when absent. */
  readonly to?: number;
  readonly migrations?: readonly Migration[];
}

/**
 * Brings a database to a version of its shape, the newest unless told otherwise; each step in a transaction of its own, and
 * one process at a time: others wait for it and then find nothing to do.
 *
 * Throws `DW_STORE_SCHEMA_NEWER` for a database that a newer Dogwatch has migrated, and `DW_STORE_SCHEMA_CHANGED` when a
 * migration that was applied is not the one of that version any more.
 */
export async function migrate(config: PostgresStoreConfig, options: MigrateOptions = {}): Promise<void> {
  const { migrations = allMigrations, to = migrations.length } = options;
  await withMigrationLock(config, async (client) => {
    const applied = (await readApplied(client, config, migrations)).length;
    if (applied < to) await withSource(config, migrations.slice(0, to), (source) => source.runMigrations());
    if (applied <= to) return;
    await withSource(config, migrations, async (source) => {
      for (let left = applied; left > to; left--) await source.undoLastMigration();
    });
  });
}

/** Every known migration, and when it was applied; asking changes nothing. */
export async function migrationStates(config: PostgresStoreConfig): Promise<readonly MigrationState[]> {
  const applied = await withMigrationLock(config, (client) => readApplied(client, config, allMigrations));
  return allMigrations.map(({ version, name }, index) => {
    return { version, name, appliedAt: applied[index] === undefined ? null : applied[index].appliedAt };
  });
}

/** As `migrate`, where the configuration lets the start do so; otherwise throws `DW_STORE_SCHEMA_OLDER` for an old shape. */
export async function migrateOrCheck(config: PostgresStoreConfig): Promise<void> {
  if (config.migrate) return migrate(config);
  const missing = (await migrationStates(config)).find((state) => state.appliedAt === null);
  if (missing === undefined) return;
  throw new AppError(
    'DW_STORE_SCHEMA_OLDER',
    `The store '${describeStore(config)}' lacks the migration ${missing.version} '${missing.name}', and DATABASE_MIGRATE ` +
      "is false. Run 'dogwatch migrate up', or let the start migrate.",
  );
}

interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
  readonly appliedAt: string;
}

async function readApplied(
  client: Client,
  config: PostgresStoreConfig,
  migrations: readonly Migration[],
): Promise<readonly AppliedMigration[]> {
  const found = await client.query<{ exists: boolean }>(
    "SELECT to_regclass('schema_migrations') IS NOT NULL AS exists",
  );
  if (found.rows[0]?.exists !== true) return [];
  const { rows } = await client.query<AppliedMigration>(
    'SELECT version, name, checksum, applied_at AS "appliedAt" FROM schema_migrations ORDER BY version',
  );
  checkApplied(rows, describeStore(config), migrations);
  return rows;
}

function checkApplied(applied: readonly AppliedMigration[], where: string, migrations: readonly Migration[]): void {
  const newest = applied.at(-1)?.version ?? 0;
  if (newest > migrations.length) {
    throw new AppError(
      'DW_STORE_SCHEMA_NEWER',
      `The store '${where}' has version ${newest}, but this Dogwatch knows versions up to ${migrations.length}. ` +
        'Run the version that wrote it, or a newer one.',
    );
  }
  applied.forEach(({ version, name, checksum }, index) => {
    const known = migrations[index];
    if (known?.version === version && checksumOf(known) === checksum) return;
    throw new AppError(
      'DW_STORE_SCHEMA_CHANGED',
      `The store '${where}' was migrated by another migration ${version} '${name}' than this Dogwatch has. Run the ` +
        'version that wrote it; if you changed a migration, undo that and add a new one.',
    );
  });
}

async function withMigrationLock<T>(config: PostgresStoreConfig, act: (client: Client) => Promise<T>): Promise<T> {
  const client = makeClient(config, { query_timeout: 0 });
  try {
    await client.connect();
    // Of a transaction, not of a session: a pooler between us and the server keeps a transaction on one connection.
    await client.query('BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
    await client.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
    const answer = await act(client);
    await client.query('COMMIT');
    return answer;
  } catch (error) {
    throw translatePostgresError(error, describeStore(config));
  } finally {
    await client.end();
  }
}

async function withSource(
  config: PostgresStoreConfig,
  migrations: readonly Migration[],
  act: (source: DataSource) => Promise<unknown>,
): Promise<void> {
  const source = makeDataSource(config, migrations, { max: 2, query_timeout: 0 });
  await source.initialize();
  try {
    await act(source);
  } finally {
    await source.destroy();
  }
}
