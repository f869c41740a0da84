// Appends to the incident log, each an event with its summary, against single inserts of the same bytes on the same disk
// with the same durability. Both take turns, so that a busy machine slows both.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { SYSTEM_ACTOR, type AppendBatch } from '@dogwatch/core';
import { SqliteIncidentLog, SqliteStoreFile } from '@dogwatch/store-sqlite';
import { reportMeasurement } from './report-measurement.js';

const rounds = 20;
const appendsPerRound = 100;
const writers = 50;
const eventsPerIncident = 10;
const at = '2026-01-01T00:00:00.000Z';
const data = {
  facet: 'crash_loop',
  eventType: 'crash_loop',
  message:
    "Container 'app' exited with code 1 and waits to be restarted, after 7 restarts; image registry.local/app:1.2.3.",
  occurrence: '0a1b2c3d-0000-4000-8000-000000000000/app/7',
  facts: { container: 'app', exitCode: 1, restarts: 7, image: 'registry.local/app:1.2.3', node: 'worker-1' },
};

const folder = mkdtempSync(join(tmpdir(), 'dogwatch-bench-'));
const file = new SqliteStoreFile({ dataFolder: folder });
file.open();
const log = new SqliteIncidentLog(file);

const bare = new Database(join(folder, 'bare.sqlite'));
bare.exec(
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (id INTEGER PRIMARY KEY, event TEXT, summary TEXT)',
);
const insert = bare.prepare('INSERT INTO rows VALUES (NULL, ?, ?)');

/** Incidents of ten events each, one after the other; every event rewrites the incident's summary. */
class IncidentWriter {
  private made = 0;

  constructor(private readonly name: string) {}

  next(): AppendBatch {
    const version = this.made % eventsPerIncident;
    const id = `${this.name}i${(this.made - version) / eventsPerIncident}`;
    this.made += 1;
    const stream = `incident/${id}`;
    const event = { type: 'problem-observed', schemaVersion: 1, at, actor: SYSTEM_ACTOR, data };
    const isNew = version === 0;
    const summary = { kind: 'incident' as const, id, stream, open: true, key: id, namespace: 'prod', at, data, isNew };
    return { appends: [{ stream, expectedVersion: version, events: [event] }], summaries: [summary] };
  }
}

const bareWriter = new IncidentWriter('bare');
const singleWriter = new IncidentWriter('single');
const manyWriters = Array.from({ length: writers }, (_, index) => new IncidentWriter(`many${index}`));

function insertBare(count: number): void {
  for (let n = 0; n < count; n++) {
    const { appends, summaries } = bareWriter.next();
    const hashes = { previousHash: '0'.repeat(64), hash: 'f'.repeat(64) };
    insert.run([
      JSON.stringify({ stream: appends[0]?.stream, ...appends[0]?.events[0], ...hashes }),
      JSON.stringify(summaries?.[0]),
    ]);
  }
}

async function appendInTurn(writer: IncidentWriter, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const result = await log.append(writer.next());
    if (!result.ok) throw new Error(`An append was refused: ${result.reason}.`);
  }
}

async function appendTogether(count: number): Promise<void> {
  await Promise.all(manyWriters.map((writer) => appendInTurn(writer, count / writers)));
}

async function timed(work: () => Promise<void> | void): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const spentMs = { bare: 0, inTurn: 0, together: 0 };
for (let round = 0; round < rounds; round++) {
  spentMs.bare += await timed(() => insertBare(appendsPerRound));
  spentMs.inTurn += await timed(() => appendInTurn(singleWriter, appendsPerRound));
  spentMs.together += await timed(() => appendTogether(appendsPerRound));
}

const perSecond = (ms: number): number => (rounds * appendsPerRound * 1_000) / ms;
const baseline = perSecond(spentMs.bare);
const aim = { atLeast: 0.5 };
reportMeasurement({
  name: 'one after the other',
  unit: 'appends/s',
  measured: perSecond(spentMs.inTurn),
  baseline,
  aim,
});
reportMeasurement({
  name: `${writers} writers`,
  unit: 'appends/s',
  measured: perSecond(spentMs.together),
  baseline,
  aim,
});

file.close();
bare.close();
rmSync(folder, { recursive: true });
