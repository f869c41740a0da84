import { defineConfigSection, definePort, type SchemaOutput } from '@dogwatch/core';
import { z } from 'zod';

/** Section `store`: where everything durable is kept. */
export const sqliteStoreConfig = defineConfigSection({
  name: 'store',
  schema: z.strictObject({ dataFolder: z.string().min(1).default('./.dogwatch') }).prefault({}),
  env: { DOGWATCH_DATA: 'dataFolder' },
});

/** Settings of the SQLite store. */
export type SqliteStoreConfig = SchemaOutput<typeof sqliteStoreConfig>;
export const SqliteStoreConfig = definePort<SqliteStoreConfig>('store-sqlite.SqliteStoreConfig');
