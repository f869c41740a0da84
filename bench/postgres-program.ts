import { existsSync, readdirSync } from 'node:fs';
import { Secret } from '@dogwatch/core';
import type { PostgresStoreConfig } from '@dogwatch/store-postgres';

const debianFolder = '/usr/lib/postgresql';

/** The newest `postgres` that Debian has installed; throws when there is none. */
export function findPostgres(): string {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder) : [];
  const programs = versions
    .map((version) => `${debianFolder}/${version}/bin/postgres`)
    .filter((file) => existsSync(file));
  const newest = programs.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  if (newest === undefined)
    throw new Error(`There is no PostgreSQL in ${debianFolder}: sudo apt-get install postgresql`);
  return newest;
}

/** The store's settings as shipped. */
export function postgresConfig(url: string): PostgresStoreConfig {
  return {
    url: new Secret(url),
    poolSize: 10,
    statementTimeoutMs: 30_000,
    connectTimeoutMs: 5_000,
    ssl: 'url',
    sslCaFile: null,
    migrate: true,
  };
}
