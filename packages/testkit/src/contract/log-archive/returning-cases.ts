import assert from 'node:assert/strict';
import { verifyChain } from '@dogwatch/core';
import type { AppendResult, IncidentLog } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import { appended, appendTo, minute, newEvent, newSummary } from '../incident-log/incident-log-subject.js';
import { before, closed, idsOf, writeAt, writeOver, type LogArchiveSubject } from './log-archive-subject.js';

const many = 12;

async function listed(log: IncidentLog): Promise<string[]> {
  const kinds = ['incident', 'run', 'approval'] as const;
  const pages = await Promise.all(kinds.map((kind) => log.listSummaries({ kind })));
  return pages.flatMap((page) => idsOf(page.items));
}

/** Archives until nothing is left to archive. */
async function archiveAll({ archive }: LogArchiveSubject): Promise<readonly string[]> {
  const all: string[] = [];
  for (let batch: readonly string[] = ['']; batch.length > 0; all.push(...batch)) {
    batch = await archive.archiveStreams({ before, limit: 3 });
  }
  return all;
}

/** What an append to an archived stream does. */
export const returningCases: readonly ContractCase<LogArchiveSubject>[] = [
  {
    name: 'goes on where an archived stream ends, and has the whole stream back in the lists',
    async run({ log, archive }) {
      const stream = await writeOver(log);
      await archive.archiveStreams({ before, limit: 10 });
      assert.deepEqual(await listed(log), []);
      const [next] = await appended(appendTo(log, { stream, expectedVersion: 2 }));
      assert.equal(next?.version, 3);
      assert.deepEqual(await listed(log), ['aaaaaa', 'bbbbbb', 'cccccc']);
      const events = await log.readStream(stream);
      assert.deepEqual(
        events.map((event) => event.version),
        [1, 2, 3],
      );
      assert.deepEqual(verifyChain(events), { ok: true });
      assert.deepEqual(idsOf(await log.findSummariesByPrefix('aaaa')), ['aaaaaa']);
      const all = (await log.readAll({ afterPosition: 0, limit: 100 })).map((event) => event.position);
      assert.deepEqual(
        all,
        events.map((event) => event.position),
      );
    },
  },
  {
    name: 'replaces an archived summary, and opens it again',
    async run({ log, archive }) {
      const stream = await writeOver(log);
      await archive.archiveStreams({ before, limit: 10 });
      const again = { ...closed('aaaaaa', { isNew: false, open: true, data: { again: true } }), stream };
      await appended(appendTo(log, { stream, summaries: [again] }));
      assert.deepEqual(idsOf((await log.listSummaries({ kind: 'incident', open: true })).items), ['aaaaaa']);
      assert.deepEqual((await log.getSummary('aaaaaa'))?.data, { again: true });
      const taken = await appendTo(log, { stream: 'incident/new', summaries: [newSummary('dddddd', { key: 'k' })] });
      assert.deepEqual(taken, { ok: false, reason: 'key-taken', key: 'k', id: 'aaaaaa' });
      assert.deepEqual(await archive.archiveStreams({ before, limit: 10 }), []);
    },
  },
  {
    name: 'has a stream back of which another stream writes a summary',
    async run({ log, archive }) {
      const stream = await writeOver(log);
      await archive.archiveStreams({ before, limit: 10 });
      const more = closed('dddddd', { kind: 'run', stream });
      await appended(appendTo(log, { stream: 'incident/new', summaries: [more] }));
      assert.deepEqual(await listed(log), ['aaaaaa', 'dddddd', 'bbbbbb', 'cccccc']);
      assert.equal(await archive.countArchived(), 0);
    },
  },
  {
    name: 'archives a stream that came back once more, with what was added',
    async run({ log, archive }) {
      const stream = await writeOver(log);
      for (const at of [6, 7]) {
        assert.deepEqual(await archive.archiveStreams({ before, limit: 10 }), [stream]);
        assert.deepEqual(await archive.archiveStreams({ before, limit: 10 }), []);
        await appended(appendTo(log, { stream, events: [newEvent({ at: minute(at) })] }));
      }
      assert.deepEqual(await archive.archiveStreams({ before, limit: 10 }), [stream]);
      assert.deepEqual(await listed(log), []);
      const events = await log.readStream(stream);
      assert.equal(events.length, 4);
      assert.deepEqual(verifyChain(events), { ok: true });
      assert.deepEqual(await log.readStream(stream, { fromVersion: 2, limit: 2 }), events.slice(1, 3));
      assert.deepEqual(await log.readAll({ afterPosition: 0, limit: 100 }), events);
    },
  },
  {
    name: 'loses no append that comes while it archives, and refuses none',
    async run(subject) {
      const { log } = subject;
      const streams: string[] = [];
      for (let n = 0; n < many; n++) streams.push(await writeAt(log, 5, closed(`aaaa${String.fromCharCode(97 + n)}2`)));
      const archived = archiveAll(subject);
      const append = (stream: string): Promise<AppendResult> =>
        appendTo(log, { stream, events: [newEvent({ at: minute(6) })] });
      const appends = [0, 1, 2].map(async () => {
        for (const stream of streams) await appended(append(stream));
      });
      await Promise.all([archived, ...appends]);
      await archiveAll(subject);
      assert.deepEqual(await listed(log), []);
      for (const stream of streams) {
        const events = await log.readStream(stream);
        assert.equal(events.length, 5, stream);
        assert.deepEqual(verifyChain(events), { ok: true });
      }
      const all = await log.readAll({ afterPosition: 0, limit: 1_000 });
      assert.equal(new Set(all.map((event) => event.position)).size, many * 5);
      assert.equal(all.length, many * 5);
    },
  },
];
