import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { changeStream, verifyChain } from '@dogwatch/core';
import type { IncidentLog, StoredEvent, StreamFold } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import { appendTo, newEvent, newEvents, newSummary, type IncidentLogSubject } from './incident-log-subject.js';

const many = Array.from({ length: 50 }, (_, index) => index);
const count: StreamFold<number> = { initial: 0, apply: (state) => state + 1 };

/** Reads the whole log in small pages, page by page, while others write, until it has seen `total` events. */
async function follow(log: IncidentLog, total: number): Promise<readonly StoredEvent[]> {
  const seen: StoredEvent[] = [];
  // Bounded, so that a log that loses events fails instead of hanging.
  for (let turn = 0; turn < 5_000 && seen.length < total; turn++) {
    seen.push(...(await log.readAll({ afterPosition: seen.at(-1)?.position ?? 0, limit: 7 })));
    await setImmediate();
  }
  return seen;
}

/** What holds while many write at once. */
export const concurrencyCases: readonly ContractCase<IncidentLogSubject>[] = [
  {
    name: 'lets exactly one of 50 concurrent appends with the same expected version win',
    async run({ log }) {
      const results = await Promise.all(many.map(() => appendTo(log, { expectedVersion: 0 })));
      assert.equal(results.filter((result) => result.ok).length, 1);
      assert.equal((await log.readStream('incident/a')).length, 1);
      for (const result of results) if (!result.ok) assert.equal(result.reason, 'version-conflict');
    },
  },
  {
    name: 'keeps the change of each of 50 concurrent writers of one stream that try again',
    async run({ log }) {
      await Promise.all(
        many.map((n) =>
          changeStream(log, {
            stream: 'incident/a',
            fold: count,
            decide: (state) => ({ events: [newEvent({ data: { n, state } })], result: null }),
          }),
        ),
      );
      const events = await log.readStream('incident/a');
      assert.deepEqual(
        events.map((event) => event.data['state']),
        many,
      );
      assert.equal(new Set(events.map((event) => event.data['n'])).size, many.length);
      assert.deepEqual(verifyChain(events), { ok: true });
    },
  },
  {
    name: 'opens one incident when 50 writers open one with the same key at once',
    async run({ log }) {
      const key = 'homelab/Deployment/prod/web';
      const results = await Promise.all(
        many.map((n) => {
          const id = `aaaa${String(n).padStart(2, '0')}`;
          return appendTo(log, { stream: `incident/${id}`, expectedVersion: 0, summaries: [newSummary(id, { key })] });
        }),
      );
      const open = (await log.listSummaries({ kind: 'incident', open: true, key })).items;
      assert.equal(open.length, 1);
      assert.equal(results.filter((result) => result.ok).length, 1);
      for (const result of results) {
        if (!result.ok) assert.deepEqual(result, { ok: false, reason: 'key-taken', key, id: open[0]?.id });
      }
    },
  },
  {
    name: 'shows every event, in order of position, to readers that follow while 50 writers write',
    async run({ log }) {
      const total = many.length * 4;
      const readers = [follow(log, total), follow(log, total), follow(log, total)];
      await Promise.all(
        many.map(async (n) => {
          for (let turn = 0; turn < 2; turn++) {
            await appendTo(log, { stream: `incident/${n}`, events: newEvents(2) });
            await setImmediate();
          }
        }),
      );
      const all = await log.readAll({ afterPosition: 0, limit: 1_000 });
      assert.equal(all.length, total);
      for (const seen of await Promise.all(readers)) assert.deepEqual(seen, all);
    },
  },
  {
    name: 'never shows half a batch',
    async run({ log }) {
      const torn: string[] = [];
      let isWriting = true;
      const reader = (async () => {
        for (let turn = 0; turn < 5_000 && isWriting; turn++) {
          const ids = (await log.readAll({ afterPosition: 0, limit: 1_000 })).map((event) =>
            String(event.data['batch']),
          );
          for (const id of new Set(ids)) if (ids.filter((other) => other === id).length !== 4) torn.push(id);
          await setImmediate();
        }
      })();
      await Promise.all(
        many.map(async (n) => {
          const events = [newEvent({ data: { batch: n } }), newEvent({ data: { batch: n } })];
          const appends = [`incident/${n}`, `run/${n}`].map((stream) => ({ stream, expectedVersion: 0, events }));
          await log.append({ appends });
        }),
      );
      isWriting = false;
      await reader;
      assert.deepEqual(torn, []);
      assert.equal((await log.readAll({ afterPosition: 0, limit: 1_000 })).length, many.length * 4);
    },
  },
];
