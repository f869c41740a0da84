import { createHash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Migration } from './migration.js';

// TypeORM wants the end of a migration's name to be a time; these only count.
const firstTimestamp = 1_700_000_000_000;

/** Tells a migration that was changed from the one that was applied. */
export function checksumOf({ name, up, down }: Migration): string {
  return createHash('sha256')
    .update(JSON.stringify([name, up, down]))
    .digest('hex');
}

/** Makes what TypeORM runs of a migration; it also keeps when it ran, and its checksum. */
export function migrationClass(migration: Migration): new () => MigrationInterface {
  return class implements MigrationInterface {
    readonly name = `${migration.name}-${firstTimestamp + migration.version}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(
        `CREATE TABLE IF NOT EXISTS schema_migrations (
           version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at text NOT NULL
         )`,
      );
      await run(runner, migration.up);
      await runner.query(
        `INSERT INTO schema_migrations VALUES ($1, $2, $3, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`,
        [migration.version, migration.name, checksumOf(migration)],
      );
    }

    async down(runner: QueryRunner): Promise<void> {
      await run(runner, migration.down);
      await runner.query('DELETE FROM schema_migrations WHERE version = $1', [migration.version]);
    }
  };
}

async function run(runner: QueryRunner, sql: string): Promise<void> {
  // A large table takes what time it takes.
  await runner.query('SET LOCAL statement_timeout = 0');
  await runner.query(sql);
}
