import { loadConfig } from '@dogwatch/core';
import type { StoreAccess } from '@dogwatch/core';
import { CliProblem } from '../cli-problem.js';

/** Which store a command is about. */
export interface StoreChoice {
  /** Data folder of an SQLite store; wins over the environment's `DATABASE_URL`. */
  readonly data?: string | undefined;
  readonly databaseUrl?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Finds the store that the options or the environment name: PostgreSQL when there is a URL, else SQLite in the data folder. */
export async function openStoreAccess({ data, databaseUrl, env }: StoreChoice): Promise<StoreAccess> {
  const isPostgres =
    databaseUrl !== undefined || (data === undefined && Boolean(env['DATABASE_URL'] ?? env['DATABASE_URL_FILE']));
  if (isPostgres) {
    const { postgresStoreAccess, postgresStoreConfig } = await installed(
      '@dogwatch/store-postgres',
      () => import('@dogwatch/store-postgres'),
    );
    const chosen = databaseUrl === undefined ? env : { ...env, DATABASE_URL: databaseUrl };
    return postgresStoreAccess((await loadConfig(null, { postgres: postgresStoreConfig }, chosen)).postgres);
  }
  const { sqliteStoreAccess, sqliteStoreConfig } = await installed(
    '@dogwatch/store-sqlite',
    () => import('@dogwatch/store-sqlite'),
  );
  const chosen = data === undefined ? env : { ...env, DOGWATCH_DATA: data };
  return sqliteStoreAccess((await loadConfig(null, { store: sqliteStoreConfig }, chosen)).store);
}

async function installed<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new CliProblem(`The package '${name}' is not installed. Install it with: npm install ${name}`);
  }
}
