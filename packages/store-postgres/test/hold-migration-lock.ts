import pg from 'pg';

/** Holds the lock under which replicas migrate, as one does whose migration takes long; `end` gives it back. */
export async function holdMigrationLock(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('SELECT pg_advisory_lock(4648220719)');
  return client;
}
