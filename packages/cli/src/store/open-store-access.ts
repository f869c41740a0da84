import type { StoreAccess } from '@dogwatch/core';
import { CliProblem } from '../cli-problem.js';

/** Which store a command is about. */
export interface StoreChoice {
  /** Data folder of an SQLite store; wins over `databaseUrl`. */
  readonly data?: string | undefined;
  readonly databaseUrl?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Finds the store that the options or the environment name: PostgreSQL when there is a URL, else SQLite in the data folder. */
export async function openStoreAccess({ data, databaseUrl, env }: StoreChoice): Promise<StoreAccess> {
  const url = databaseUrl ?? (data === undefined ? env['DATABASE_URL'] : undefined);
  if (url !== undefined && url !== '') {
    throw new CliProblem('later');
  }
  const { sqliteStoreAccess } = await installed('@dogwatch/store-sqlite', () => import('@dogwatch/store-sqlite'));
  return sqliteStoreAccess({ dataFolder: data ?? env['DOGWATCH_DATA'] ?? './.dogwatch' });
}

async function installed<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new CliProblem(`The package '${name}' is not installed. Install it with: npm install ${name}`);
  }
}
