import { loadConfig, readSectionNames } from '@dogwatch/core';
import type { ConfigSections, Environment, LoadedConfig, StoreAccess } from '@dogwatch/core';
import { CliProblem } from '../cli-problem.js';

/** Which store a command is about. */
export interface StoreChoice {
  /** Data folder of an SQLite store; wins over what the settings name. */
  readonly data?: string | undefined;
  readonly databaseUrl?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Finds the store that the options name, else the one of the app with this environment and this `DOGWATCH_CONFIG`: PostgreSQL
 * when they name a database, else SQLite in the data folder.
 */
export async function openStoreAccess({ data, databaseUrl, env }: StoreChoice): Promise<StoreAccess> {
  const file = env['DOGWATCH_CONFIG'] || null;
  if (databaseUrl !== undefined || (data === undefined && (await namesDatabase(file, env)))) {
    const { postgresStoreAccess, postgresStoreConfig } = await installed(
      '@dogwatch/store-postgres',
      () => import('@dogwatch/store-postgres'),
    );
    const chosen = databaseUrl === undefined ? env : { ...env, DATABASE_URL: databaseUrl };
    return postgresStoreAccess((await load(file, { postgres: postgresStoreConfig }, chosen)).postgres);
  }
  const { sqliteStoreAccess, sqliteStoreConfig } = await installed(
    '@dogwatch/store-sqlite',
    () => import('@dogwatch/store-sqlite'),
  );
  const chosen = data === undefined ? env : { ...env, DOGWATCH_DATA: data };
  return sqliteStoreAccess((await load(file, { store: sqliteStoreConfig }, chosen)).store);
}

async function namesDatabase(file: string | null, env: Environment): Promise<boolean> {
  if (env['DATABASE_URL'] || env['DATABASE_URL_FILE']) return true;
  return (await readSectionNames(file)).includes('postgres');
}

// The app has many sections more, which are its own matter.
function load<S extends ConfigSections>(file: string | null, sections: S, env: Environment): Promise<LoadedConfig<S>> {
  return loadConfig(file, sections, env, { others: 'ignored' });
}

async function installed<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new CliProblem(`The package '${name}' is not installed. Install it with: npm install ${name}`);
  }
}
