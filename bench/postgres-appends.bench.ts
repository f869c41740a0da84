// Appends to the incident log on PostgreSQL, each an event with its summary, against `unnest` inserts of the same bytes on the
// same server. Both take turns, so that a busy machine slows both.
import { PooledDatabase, PostgresIncidentLog } from '@dogwatch/store-postgres';
import { PostgresServer } from '@dogwatch/testkit';
import { IncidentWriter } from './incident-writer.js';
import { findPostgres, postgresConfig } from './postgres-program.js';
import { reportMeasurement } from './report-measurement.js';

const rounds = 10;
const appendsPerRound = 500;
const writers = 50;
const hashes = { previousHash: '0'.repeat(64), hash: 'f'.repeat(64) };

const server = await PostgresServer.start(findPostgres());
const database = new PooledDatabase(postgresConfig(server.url));
await database.open();
const log = new PostgresIncidentLog(database);
await database.rows({
  text: 'CREATE TABLE bare (id bigserial PRIMARY KEY, event json NOT NULL, summary json NOT NULL)',
});

const insert = `INSERT INTO bare (event, summary)
  SELECT event::json, summary::json FROM unnest($1::text[], $2::text[]) AS given (event, summary)`;
const bareWriter = new IncidentWriter('bare');

// As many rows in one statement as there are writers: what a store could do at best that answers all of them together.
async function insertBare(count: number, rowsAtOnce: number): Promise<void> {
  for (let done = 0; done < count; done += rowsAtOnce) {
    const batches = Array.from({ length: rowsAtOnce }, () => bareWriter.next());
    const events = batches.map(({ appends: [append] }) =>
      JSON.stringify({ stream: append?.stream, ...append?.events[0], ...hashes }),
    );
    const summaries = batches.map((batch) => JSON.stringify(batch.summaries?.[0]));
    await database.rows({ name: 'bare', text: insert, values: [events, summaries] });
  }
}

async function appendInTurn(writer: IncidentWriter, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const result = await log.append(writer.next());
    if (!result.ok) throw new Error(`An append was refused: ${result.reason}.`);
  }
}

const singleWriter = new IncidentWriter('single');
const manyWriters = Array.from({ length: writers }, (_, index) => new IncidentWriter(`many${index}`));
const appendTogether = (count: number): Promise<unknown> =>
  Promise.all(manyWriters.map((writer) => appendInTurn(writer, count / writers)));

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const spentMs = { bareOne: 0, bareMany: 0, inTurn: 0, together: 0 };
for (let round = 0; round < rounds; round++) {
  spentMs.bareOne += await timed(() => insertBare(appendsPerRound, 1));
  spentMs.inTurn += await timed(() => appendInTurn(singleWriter, appendsPerRound));
  spentMs.bareMany += await timed(() => insertBare(appendsPerRound, writers));
  spentMs.together += await timed(() => appendTogether(appendsPerRound));
}
const stored = (await database.rows({ text: 'SELECT count(*)::integer AS n FROM events' }))[0]?.['n'];
if (stored !== 2 * rounds * appendsPerRound) throw new Error(`The log holds ${String(stored)} events.`);

const perSecond = (ms: number): number => (rounds * appendsPerRound * 1_000) / ms;
reportMeasurement({
  name: 'PostgreSQL: one after the other',
  unit: 'appends/s',
  measured: perSecond(spentMs.inTurn),
  baseline: perSecond(spentMs.bareOne),
  aim: { atLeast: 0.3 },
});
reportMeasurement({
  name: `PostgreSQL: ${writers} writers, against ${writers} rows a statement`,
  unit: 'appends/s',
  measured: perSecond(spentMs.together),
  baseline: perSecond(spentMs.bareMany),
  aim: { atLeast: 0.1 },
});

await database.close();
await server.remove();
