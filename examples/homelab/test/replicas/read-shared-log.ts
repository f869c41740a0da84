import { createApp, createLogger, IncidentLog } from '@dogwatch/core';
import { postgresStore, postgresStoreConfig } from '@dogwatch/store-postgres';
import { loadConfig } from '@dogwatch/core';

/** Reads the log of the replicas beside them. */
export async function readSharedLog<T>(url: string, read: (log: IncidentLog) => Promise<T>): Promise<T> {
  const { postgres } = await loadConfig(null, { postgres: postgresStoreConfig }, { DATABASE_URL: url });
  const logger = createLogger({ level: 'error', sink: process.stderr });
  const app = createApp({ plugins: [postgresStore(postgres)], core: { logger } });
  await app.start();
  try {
    return await read(app.get(IncidentLog));
  } finally {
    await app.stop();
  }
}
