// Appends to the incident log, each an event with its summary, against single inserts of the same bytes on the same disk
// with the same durability. Both take turns, so that a busy machine slows both.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { SqliteIncidentLog, SqliteStoreFile } from '@dogwatch/store-sqlite';
import { IncidentWriter } from './incident-writer.js';
import { reportMeasurement } from './report-measurement.js';

const rounds = 20;
const appendsPerRound = 100;
const writers = 50;

const folder = mkdtempSync(join(tmpdir(), 'dogwatch-bench-'));
const file = new SqliteStoreFile({ dataFolder: folder });
file.open();
const log = new SqliteIncidentLog(file);

const bare = new Database(join(folder, 'bare.sqlite'));
bare.exec(
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (id INTEGER PRIMARY KEY, event TEXT, summary TEXT)',
);
const insert = bare.prepare('INSERT INTO rows VALUES (NULL, ?, ?)');

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
