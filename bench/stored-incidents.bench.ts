// How long it takes to append to an incident and to list the open ones with 100,000 incidents in the store, against the same
// with 10, on SQLite and on PostgreSQL. Both take turns, so that a busy machine slows both.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM_ACTOR, type IncidentLog } from '@dogwatch/core';
import { PooledDatabase, PostgresIncidentLog } from '@dogwatch/store-postgres';
import { SqliteIncidentLog, SqliteStoreFile } from '@dogwatch/store-sqlite';
import { PostgresServer } from '@dogwatch/testkit';
import { IncidentWriter, PROBLEM, WRITTEN_AT, summaryOf } from './incident-writer.js';
import { findPostgres, postgresConfig } from './postgres-program.js';
import { reportMeasurement } from './report-measurement.js';

const few = 10;
const many = 100_000;
const openAmongMany = 200;
const incidentsAtOnce = 500;
const rounds = 400;

/** Incidents that are over, but for the last ones. */
async function fill(log: IncidentLog, count: number): Promise<void> {
  for (let from = 0; from < count; from += incidentsAtOnce) {
    const numbers = Array.from({ length: Math.min(incidentsAtOnce, count - from) }, (_, index) => from + index);
    const event = { type: 'problem-observed', schemaVersion: 1, at: WRITTEN_AT, actor: SYSTEM_ACTOR, data: PROBLEM };
    const result = await log.append({
      appends: numbers.map((number) => ({ stream: `incident/old${number}`, expectedVersion: 0, events: [event] })),
      summaries: numbers.map((number) => ({
        ...summaryOf(`old${number}`, `incident/old${number}`, true),
        open: number >= count - openAmongMany,
      })),
    });
    if (!result.ok) throw new Error(`An append was refused: ${result.reason}.`);
  }
}

interface Subject {
  readonly log: IncidentLog;
  readonly writer: IncidentWriter;
  readonly appendMs: number[];
  readonly listMs: number[];
}

const subject = (log: IncidentLog): Subject => ({ log, writer: new IncidentWriter('new'), appendMs: [], listMs: [] });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function measure({ log, writer, appendMs, listMs }: Subject): Promise<void> {
  appendMs.push(await timed(() => log.append(writer.next())));
  listMs.push(await timed(() => log.listSummaries({ kind: 'incident', open: true, limit: few })));
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

async function compare(store: string, small: IncidentLog, large: IncidentLog): Promise<void> {
  await fill(small, few);
  await fill(large, many);
  const [less, more] = [subject(small), subject(large)];
  for (let round = 0; round < rounds; round++) {
    await measure(less);
    await measure(more);
  }
  const report = (what: string, measured: readonly number[], baseline: readonly number[]): void =>
    reportMeasurement({
      name: `${store}: ${what} with ${many} incidents against ${few}, p50`,
      unit: 'ms',
      measured: median(measured),
      baseline: median(baseline),
      aim: { atMost: 1.5 },
    });
  report('an append', more.appendMs, less.appendMs);
  report('the newest open ones', more.listMs, less.listMs);
}

const folder = mkdtempSync(join(tmpdir(), 'dogwatch-bench-'));
const files = ['few', 'many'].map((name) => new SqliteStoreFile({ dataFolder: join(folder, name) })) as [
  SqliteStoreFile,
  SqliteStoreFile,
];
for (const file of files) file.open();
await compare('SQLite', new SqliteIncidentLog(files[0]), new SqliteIncidentLog(files[1]));
for (const file of files) file.close();
rmSync(folder, { recursive: true });

const server = await PostgresServer.start(findPostgres());
const urls = [await server.createDatabase(), await server.createDatabase()] as const;
const databases = urls.map((url) => new PooledDatabase(postgresConfig(url))) as [PooledDatabase, PooledDatabase];
for (const database of databases) await database.open();
await compare('PostgreSQL', new PostgresIncidentLog(databases[0]), new PostgresIncidentLog(databases[1]));
for (const database of databases) await database.close();
await server.remove();
