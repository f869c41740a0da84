import { isAppError, SYSTEM_ACTOR, type IncidentLog } from '@dogwatch/core';
import { PostgresIncidentLog, type PostgresDatabase } from '@dogwatch/store-postgres';
import { openStoreAt } from './open-store.js';

/** Appends once, and prints what became of it. */
async function append(log: IncidentLog, id: string): Promise<void> {
  const event = { type: 'comment', schemaVersion: 1, at: '2026-01-01T00:00:00Z', actor: SYSTEM_ACTOR, data: { id } };
  try {
    await log.append({ appends: [{ stream: 'incident/frozen', expectedVersion: 'any', events: [event] }] });
    process.stdout.write(`${id} appended\n`);
  } catch (error) {
    process.stdout.write(`${id} failed ${isAppError(error) && error.isRetryable ? error.code : String(error)}\n`);
  }
}

const [url = ''] = process.argv.slice(2);
const { database, log } = await openStoreAt(url);

/** The database, and this process stops for good, as when its host is gone, once it has locked the end of the log. */
const freezing: PostgresDatabase = {
  description: database.description,
  open: () => database.open(),
  close: () => database.close(),
  rows: (statement) => database.rows(statement),
  transaction: (begin, body) =>
    database.transaction(begin, (queries, begun) => {
      process.stdout.write('locked\n');
      process.kill(process.pid, 'SIGSTOP');
      return body(queries, begun);
    }),
};

await append(new PostgresIncidentLog(freezing), 'first');
await append(log, 'second');
await database.close();
