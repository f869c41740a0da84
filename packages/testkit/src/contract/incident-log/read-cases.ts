import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { StoredEvent } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import { appended, appendTo, newEvents, newSummary, type IncidentLogSubject } from './incident-log-subject.js';

const numbers = (events: readonly StoredEvent[]): unknown[] => events.map((event) => event.data['n']);

/** Reading events, being told of new ones, and opening the log again. */
export const readCases: readonly ContractCase<IncidentLogSubject>[] = [
  {
    name: 'is empty at first',
    async run({ log }) {
      assert.equal(await log.lastPosition(), 0);
      assert.deepEqual(await log.readAll({ afterPosition: 0, limit: 1 }), []);
      assert.deepEqual(await log.readStream('incident/a'), []);
      assert.equal(await log.getSummary('aaaaaa'), null);
      assert.deepEqual(await log.listSummaries({ kind: 'incident' }), { items: [], next: null });
    },
  },
  {
    name: 'reads a stream whole, from a version, and at most as many as asked',
    async run({ log }) {
      await appendTo(log, { events: newEvents(1_200) });
      assert.deepEqual(numbers(await log.readStream('incident/a')), numbers(await log.readStream('incident/a', {})));
      assert.equal((await log.readStream('incident/a')).length, 1_200);
      assert.deepEqual(numbers(await log.readStream('incident/a', { fromVersion: 1_199 })), [1_198, 1_199]);
      assert.deepEqual(numbers(await log.readStream('incident/a', { fromVersion: 3, limit: 2 })), [2, 3]);
      assert.deepEqual(await log.readStream('incident/a', { fromVersion: 1_201 }), []);
    },
  },
  {
    name: 'reads one stream and no other whose name is alike',
    async run({ log }) {
      for (const stream of ['incident/a', 'incident/ab', 'incident/A', 'incident/_']) await appendTo(log, { stream });
      for (const stream of ['incident/a', 'incident/_']) {
        const found = (await log.readStream(stream)).map((event) => event.stream);
        assert.deepEqual(found, [stream]);
      }
    },
  },
  {
    name: 'finds nothing under a name that nothing can have',
    async run({ log }) {
      await appendTo(log, { stream: 'incident/a', summaries: [newSummary('aaaaaa', { stream: 'incident/a' })] });
      for (const name of [
        '',
        ' ',
        'incident/a\u0000',
        'aaaaaa\u0000',
        '\ud800',
        '%',
        '*',
        "' OR 1=1 --",
        'x'.repeat(10_000),
      ]) {
        assert.deepEqual(await log.readStream(name), []);
        assert.equal(await log.getSummary(name), null);
        for (const field of ['stream', 'key', 'namespace']) {
          assert.deepEqual((await log.listSummaries({ kind: 'incident', [field]: name })).items, []);
        }
      }
    },
  },
  {
    name: 'reads all streams page by page, each event once',
    async run({ log }) {
      for (let n = 0; n < 10; n++) await appendTo(log, { stream: `incident/${n % 3}`, events: newEvents(3) });
      const all = await log.readAll({ afterPosition: 0, limit: 1_000 });
      assert.equal(all.length, 30);
      const paged: StoredEvent[] = [];
      for (let page = 0; page < 8; page++) {
        paged.push(...(await log.readAll({ afterPosition: paged.at(-1)?.position ?? 0, limit: 4 })));
      }
      assert.deepEqual(paged, all);
      assert.equal(await log.lastPosition(), all.at(-1)?.position);
    },
  },
  {
    name: 'hints at an append when its events can be read, until nobody wants hints any more',
    async run({ log }) {
      const read: Promise<readonly StoredEvent[]>[] = [];
      const hinted = (): void => void read.push(log.readAll({ afterPosition: 0, limit: 10 }));
      const stops = [log.onAppend(hinted), log.onAppend(hinted)];
      await appended(appendTo(log, {}));
      for (let turn = 0; turn < 1_000 && read.length < 2; turn++) await setImmediate();
      assert.equal(read.length, 2);
      for (const events of await Promise.all(read)) assert.equal(events.length, 1);
      for (const stop of stops) stop();
      await appended(appendTo(log, {}));
      for (let turn = 0; turn < 20; turn++) await setImmediate();
      assert.equal(read.length, 2);
    },
  },
  {
    name: 'answers a ping while it takes writes',
    run: ({ log }) => log.ping(),
  },
  {
    name: 'holds everything when it is opened again',
    needs: 'reopen',
    async run({ log, reopen }) {
      assert.ok(reopen, "a harness with the capability 'reopen' must give a subject with reopen()");
      await appendTo(log, {
        expectedVersion: 0,
        events: newEvents(2),
        summaries: [newSummary('aaaaaa', { key: 'k' })],
      });
      const events = await log.readAll({ afterPosition: 0, limit: 10 });
      const summary = await log.getSummary('aaaaaa');
      const again = await reopen();
      assert.deepEqual(await again.readAll({ afterPosition: 0, limit: 10 }), events);
      assert.deepEqual(await again.getSummary('aaaaaa'), summary);
      assert.equal((await appendTo(again, { expectedVersion: 0 })).ok, false);
      assert.equal((await appendTo(again, { summaries: [newSummary('bbbbbb', { key: 'k' })] })).ok, false);
      const [next] = await appended(appendTo(again, { expectedVersion: 2 }));
      assert.equal(next?.previousHash, events.at(-1)?.hash);
      assert.ok((next?.position ?? 0) > (events.at(-1)?.position ?? 0));
    },
  },
];
