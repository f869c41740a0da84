import { setTimeout as delay } from 'node:timers/promises';
import { AppError, type MigrationState } from '@dogwatch/core';
import type { Client, QueryConfig } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresStoreConfig } from '../config.js';
import { describeStore, makeClient, makeDataSource } from '../data-source.js';
import { translatePostgresError } from '../postgres-error.js';
import { allMigrations } from './all-migrations.js';
import { checksumOf } from './migration-class.js';
import type { Migration } from './migration.js';

// Any number that nobody else uses; it is the same for every version of Dogwatch.
const lockKey = 4_648_220_719;
const askLockEveryMs = 250;
const askServerEveryMs = 1_000;
const answerWithinMs = 10_000;

/** What is waited for: that another process has migrated, or that a migration has run. */
export type MigrationStep = 'waiting' | 'migrating';

/** Who waits for a migration. */
export interface MigrationWatch {
  /** Called again and again while it lasts, as long as the server answers. */
  onProgress?(step: MigrationStep): void;
  /** Gives up waiting for another process. */
  readonly signal?: AbortSignal;
}

/** Where to migrate to, by what, and who waits for it. */
export interface MigrateOptions extends MigrationWatch {
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
  await withMigrationLock(config, options, async (client) => {
    const applied = (await readApplied(client, config, migrations)).length;
    const move = (known: readonly Migration[], act: (source: DataSource) => Promise<unknown>): Promise<void> =>
      whileServerAnswers(client, options, () => withSource(config, known, act));
    if (applied < to) await move(migrations.slice(0, to), (source) => source.runMigrations());
    if (applied <= to) return;
    await move(migrations, async (source) => {
      for (let left = applied; left > to; left--) await source.undoLastMigration();
    });
  });
}

/** Every known migration, and when it was applied; asking changes nothing. */
export async function migrationStates(
  config: PostgresStoreConfig,
  watch: MigrationWatch = {},
): Promise<readonly MigrationState[]> {
  const applied = await withMigrationLock(config, watch, (client) => readApplied(client, config, allMigrations));
  return allMigrations.map(({ version, name }, index) => {
    return { version, name, appliedAt: applied[index] === undefined ? null : applied[index].appliedAt };
  });
}

/** As `migrate`, where the configuration lets the start do so; otherwise throws `DW_STORE_SCHEMA_OLDER` for an old shape. */
export async function migrateOrCheck(config: PostgresStoreConfig, watch: MigrationWatch = {}): Promise<void> {
  if (config.migrate) return migrate(config, watch);
  await checkShape(config, "DATABASE_MIGRATE is false. Run 'dogwatch migrate up', or let the start migrate", watch);
}

/** Throws `DW_STORE_SCHEMA_OLDER` for a database whose shape is not the newest; `remedy` says what to do, and why it is not done. */
export async function checkShape(
  config: PostgresStoreConfig,
  remedy: string,
  watch: MigrationWatch = {},
): Promise<void> {
  const missing = (await migrationStates(config, watch)).find((state) => state.appliedAt === null);
  if (missing === undefined) return;
  throw new AppError(
    'DW_STORE_SCHEMA_OLDER',
    `The store '${describeStore(config)}' lacks the migration ${missing.version} '${missing.name}', and ${remedy}.`,
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

async function withMigrationLock<T>(
  config: PostgresStoreConfig,
  watch: MigrationWatch,
  act: (client: Client) => Promise<T>,
): Promise<T> {
  const client = makeClient(config, { query_timeout: 0 });
  try {
    await client.connect();
    // Of a transaction, not of a session: a pooler between us and the server keeps a transaction on one connection.
    await client.query('BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
    // Asked for again and again, not waited for: each answer says that the server is still there.
    while (!(await tryLock(client, config))) {
      watch.onProgress?.('waiting');
      await delay(askLockEveryMs, undefined, watch);
    }
    const answer = await act(client);
    await client.query('COMMIT');
    return answer;
  } catch (error) {
    watch.signal?.throwIfAborted();
    throw translatePostgresError(error, describeStore(config));
  } finally {
    await client.end();
  }
}

async function tryLock(client: Client, { statementTimeoutMs }: PostgresStoreConfig): Promise<boolean> {
  const text = 'SELECT pg_try_advisory_xact_lock($1) AS is_ours';
  const asked: TimedQuery = { text, values: [lockKey], query_timeout: statementTimeoutMs };
  return (await client.query<{ is_ours: boolean }>(asked)).rows[0]?.is_ours === true;
}

type TimedQuery = QueryConfig & { readonly query_timeout: number };

/** Asks the server now and then while `act` lasts; when it does not answer, nothing is reported any more. */
async function whileServerAnswers<T>(client: Client, watch: MigrationWatch, act: () => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const asking = askServer(client, watch, ended.signal);
  try {
    return await act();
  } finally {
    ended.abort();
    await asking;
  }
}

async function askServer(client: Client, watch: MigrationWatch, ended: AbortSignal): Promise<void> {
  const asked: TimedQuery = { text: 'SELECT 1', query_timeout: answerWithinMs };
  const yes = () => true;
  const no = () => false;
  // When it does not answer, the lock is lost, and who then commits is told so.
  while (
    (await delay(askServerEveryMs, undefined, { signal: ended }).then(yes, no)) &&
    (await client.query(asked).then(yes, no))
  ) {
    watch.onProgress?.('migrating');
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
