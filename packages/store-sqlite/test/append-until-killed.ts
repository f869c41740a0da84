import { SYSTEM_ACTOR, type IncidentLog } from '@dogwatch/core';
import { SqliteIncidentLog, SqliteStoreFile } from '@dogwatch/store-sqlite';

/** Appends for ever, eight writers side by side, and prints each event once its append has resolved. */
async function appendForEver(log: IncidentLog, writer: number): Promise<void> {
  for (let n = 0; ; n++) {
    const id = `w${writer}n${n}`;
    const stream = `incident/${writer}`;
    const event = {
      type: 'comment',
      schemaVersion: 1,
      at: new Date().toISOString(),
      actor: SYSTEM_ACTOR,
      data: { id },
    };
    const result = await log.append({
      appends: [{ stream, expectedVersion: n, events: [event] }],
      summaries: [
        { kind: 'run', id, stream, open: true, key: null, namespace: null, at: event.at, data: { id }, isNew: true },
      ],
    });
    if (!result.ok) throw new Error(JSON.stringify(result));
    process.stdout.write(`${id}\n`);
  }
}

const file = new SqliteStoreFile({ dataFolder: process.argv[2] ?? '' });
file.open();
const log = new SqliteIncidentLog(file);
await Promise.all(Array.from({ length: 8 }, (_, writer) => appendForEver(log, writer)));
