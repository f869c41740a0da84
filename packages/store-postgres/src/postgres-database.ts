import { definePort, inject, injectable, isAppError } from '@dogwatch/core';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { PostgresStoreConfig } from './config.js';
import { describeStore, makeDataSource } from './data-source.js';
import { allMigrations } from './migrations/all-migrations.js';
import { migrateOrCheck, type MigrationWatch } from './migrations/migrate.js';
import { isStatementError, storeClosedError, translatePostgresError } from './postgres-error.js';

/** A statement; one with a name is parsed once per connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** What statements are run on: the pool, or one connection in a transaction. */
export interface Queries {
  /** The rows; integers of 64 bits come as text. */
  rows(statement: Statement): Promise<readonly QueryResultRow[]>;
}

/** The store's database, connected between `open` and `close`. Every failure is `DW_LOG_UNAVAILABLE`. */
export interface PostgresDatabase extends Queries {
  /** For messages: where it is, without secrets. */
  readonly description: string;
  /**
   * Runs a body between BEGIN and COMMIT; what it throws rolls back. `begin` are statements without values that go with the
   * BEGIN in one message; when COMMIT itself fails, it may or may not have happened.
   */
  transaction<T>(begin: string, body: (queries: Queries, begun: readonly QueryResultRow[]) => Promise<T>): Promise<T>;
  /** Connects, and migrates or checks as the settings say; throws when the server does not answer. */
  open(watch?: MigrationWatch): Promise<void>;
  /** Waits for what is running and disconnects; idempotent. */
  close(): Promise<void>;
}
export const PostgresDatabase = definePort<PostgresDatabase>('store-postgres.PostgresDatabase');

/** `PostgresDatabase` on a pool that TypeORM made. */
@injectable()
export class PooledDatabase implements PostgresDatabase {
  readonly description: string;
  private source: DataSource | null = null;

  constructor(@inject(PostgresStoreConfig) private readonly config: PostgresStoreConfig) {
    this.description = describeStore(config);
  }

  /** The data source, for migrations and for the comparison with the entities. */
  get dataSource(): DataSource {
    if (this.source === null) throw storeClosedError(this.description);
    return this.source;
  }

  async open(watch: MigrationWatch = {}): Promise<void> {
    const source = makeDataSource(this.config, allMigrations);
    try {
      await source.initialize();
    } catch (error) {
      throw translatePostgresError(error, this.description);
    }
    try {
      await migrateOrCheck(this.config, watch);
    } catch (error) {
      await source.destroy();
      throw error;
    }
    this.source = source;
  }

  async close(): Promise<void> {
    const { source } = this;
    this.source = null;
    await source?.destroy();
  }

  rows(statement: Statement): Promise<readonly QueryResultRow[]> {
    return this.withClient((client) => query(client, statement));
  }

  transaction<T>(begin: string, body: (queries: Queries, begun: readonly QueryResultRow[]) => Promise<T>): Promise<T> {
    return this.withClient(async (client) => {
      const queries: Queries = { rows: (statement) => query(client, statement) };
      try {
        // With several statements in one message there is one result each, else one alone.
        const begun: unknown = await client.query(`BEGIN; ${begin}`);
        const results = [begun].flat() as readonly { rows: QueryResultRow[] }[];
        const answer = await body(queries, results.at(-1)?.rows ?? []);
        await client.query('COMMIT');
        return answer;
      } catch (error) {
        // A connection that is not sound is given up, and the transaction with it.
        if (leavesConnectionSound(error)) await client.query('ROLLBACK');
        throw error;
      }
    });
  }

  private async withClient<T>(act: (client: PoolClient) => Promise<T>): Promise<T> {
    try {
      const client = await poolOf(this.dataSource).connect();
      let isSound = false;
      try {
        const answer = await act(client);
        isSound = true;
        return answer;
      } catch (error) {
        isSound = leavesConnectionSound(error);
        throw error;
      } finally {
        client.release(!isSound);
      }
    } catch (error) {
      throw translatePostgresError(error, this.description);
    }
  }
}

function leavesConnectionSound(error: unknown): boolean {
  return isStatementError(error) || isAppError(error);
}

function poolOf(source: DataSource): Pool {
  return (source.driver as unknown as { readonly master: Pool }).master;
}

async function query(client: PoolClient, { name, text, values = [] }: Statement): Promise<readonly QueryResultRow[]> {
  const result = await client.query({ ...(name === undefined ? {} : { name }), text, values: [...values] });
  return result.rows as QueryResultRow[];
}
