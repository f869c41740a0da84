import { setTimeout as delay } from 'node:timers/promises';
import { isAppError, SYSTEM_ACTOR, type IncidentLog } from '@dogwatch/core';
import { openStoreAt } from './open-store.js';

/** Appends for ever, one stream per writer, and prints each event once its append has resolved. */
async function appendForEver(log: IncidentLog, writer: string): Promise<void> {
  const stream = `incident/${writer}`;
  for (let n = 0; ; n++) {
    const id = `${writer}n${n}`;
    const event = {
      type: 'comment',
      schemaVersion: 1,
      at: new Date().toISOString(),
      actor: SYSTEM_ACTOR,
      data: { id },
    };
    const summary = {
      kind: 'run' as const,
      id,
      stream,
      open: true,
      key: null,
      namespace: null,
      at: event.at,
      data: { id },
    };
    try {
      const result = await log.append({
        appends: [{ stream, expectedVersion: 'any', events: [event] }],
        summaries: [{ ...summary, isNew: true }],
      });
      if (!result.ok) throw new Error(JSON.stringify(result));
      process.stdout.write(`${id}\n`);
    } catch (error) {
      // Whether it happened is not known, so the next one has an id of its own.
      if (!isAppError(error) || error.code !== 'DW_LOG_UNAVAILABLE') throw error;
      await delay(20);
    }
  }
}

const [url = '', name = 'p'] = process.argv.slice(2);
const { log } = await openStoreAt(url, { connectTimeoutMs: 2_000 });
process.stdout.write('open\n');
await Promise.all(Array.from({ length: 8 }, (_, writer) => appendForEver(log, `${name}${writer}`)));
