import type { Client } from 'pg';

// Any number that nobody else uses; it is the same for every version of Dogwatch. A lock of a session: it ends with its connection.
const lockKey = 4_648_220_720;

/** Says that a replica uses the database, as long as this connection lasts; `false` while somebody fills it. */
export async function shareUse(client: Client): Promise<boolean> {
  return ask(client, 'pg_try_advisory_lock_shared');
}

/** Keeps all replicas out of the database, as long as this connection lasts; `false` while one uses it. */
export async function takeUse(client: Client): Promise<boolean> {
  return ask(client, 'pg_try_advisory_lock');
}

async function ask(client: Client, lock: string): Promise<boolean> {
  const { rows } = await client.query<{ is_ours: boolean }>(`SELECT ${lock}($1) AS is_ours`, [lockKey]);
  return rows[0]?.is_ours === true;
}
