import { createHash } from 'node:crypto';
import { AppError } from '@dogwatch/core';
import type { SqliteConnection } from '../sqlite-connection.js';
import { allMigrations } from './all-migrations.js';
import type { Migration } from './migration.js';

/** Where to migrate to, and by what. */
export interface MigrateOptions {
  /** The version to go to, up or down; the newest when absent. */
  readonly to?: number;
  readonly migrations?: readonly Migration[];
}

/**
 * Brings a database to a version of its shape, the newest unless told otherwise; each step in a transaction of its own.
 *
 * Throws `DW_STORE_SCHEMA_NEWER` for a database that a newer Dogwatch has migrated, and `DW_STORE_SCHEMA_CHANGED` when a
 * migration that was applied is not the one of that version any more.
 */
export function migrate(connection: SqliteConnection, options: MigrateOptions = {}): void {
  const { migrations = allMigrations, to = migrations.length } = options;
  connection.exec(
    `CREATE TABLE IF NOT EXISTS schema_migrations (
       version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL
     ) STRICT`,
  );
  const applied = checkApplied(connection, migrations);
  for (const migration of migrations.slice(applied, to)) apply(connection, migration);
  for (const migration of migrations.slice(to, applied).reverse()) revert(connection, migration);
}

/** Throws `DW_STORE_SCHEMA_OLDER` for a database whose shape is not the newest; asking changes nothing. */
export function checkShape(connection: SqliteConnection): void {
  const applied = appliedMigrations(connection).size === 0 ? 0 : checkApplied(connection, allMigrations);
  const missing = allMigrations[applied];
  if (missing === undefined) return;
  throw new AppError(
    'DW_STORE_SCHEMA_OLDER',
    `The store '${connection.file}' lacks the migration ${missing.version} '${missing.name}', and this does not change it. ` +
      "Run 'dogwatch migrate up', or the dogwatch of the version that wrote it.",
  );
}

/** When each migration was applied, by version. */
export function appliedMigrations(connection: SqliteConnection): ReadonlyMap<number, string> {
  const table = connection.get("SELECT name FROM sqlite_master WHERE name = 'schema_migrations'");
  if (table === null) return new Map();
  const rows = connection.all('SELECT version, applied_at FROM schema_migrations');
  return new Map(rows.map((row) => [Number(row['version']), String(row['applied_at'])]));
}

function checkApplied(connection: SqliteConnection, migrations: readonly Migration[]): number {
  const rows = connection.all('SELECT version, name, checksum FROM schema_migrations ORDER BY version');
  const newest = rows.at(-1)?.['version'] ?? 0;
  if (Number(newest) > migrations.length) {
    throw new AppError(
      'DW_STORE_SCHEMA_NEWER',
      `The store '${connection.file}' has version ${newest}, but this Dogwatch knows versions up to ${migrations.length}. ` +
        'Run the version that wrote it, or a newer one.',
    );
  }
  rows.forEach((row, index) => {
    const migration = migrations[index];
    if (migration === undefined || row['version'] !== migration.version || row['checksum'] !== checksumOf(migration)) {
      throw new AppError(
        'DW_STORE_SCHEMA_CHANGED',
        `The store '${connection.file}' was migrated by another migration ${row['version']} '${row['name']}' than this ` +
          'Dogwatch has. Run the version that wrote it; if you changed a migration, undo that and add a new one.',
      );
    }
  });
  return rows.length;
}

function checksumOf(migration: Migration): string {
  return createHash('sha256')
    .update(JSON.stringify([migration.name, migration.up, migration.down]))
    .digest('hex');
}

function apply(connection: SqliteConnection, migration: Migration): void {
  connection.transaction(() => {
    connection.exec(migration.up);
    connection.run(
      "INSERT INTO schema_migrations VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
      migration.version,
      migration.name,
      checksumOf(migration),
    );
  });
}

function revert(connection: SqliteConnection, migration: Migration): void {
  connection.transaction(() => {
    connection.exec(migration.down);
    connection.run('DELETE FROM schema_migrations WHERE version = ?', migration.version);
  });
}
