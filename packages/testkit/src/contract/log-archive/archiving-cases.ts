import assert from 'node:assert/strict';
import { isAppError } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import { appended, appendTo, minute, newEvent, newSummary } from '../incident-log/incident-log-subject.js';
import { before, closed, idsOf, writeAt, writeOver, type LogArchiveSubject } from './log-archive-subject.js';

/** What is archived, and where it is seen no more. */
export const archivingCases: readonly ContractCase<LogArchiveSubject>[] = [
  {
    name: 'takes what is over out of the lists, with its runs and approvals',
    async run({ log, archive }) {
      const stream = await writeOver(log);
      await writeAt(log, 5, newSummary('aaaadd', { namespace: 'prod' }));
      assert.deepEqual(await archive.archiveStreams({ before, limit: 10 }), [stream]);
      assert.deepEqual(idsOf((await log.listSummaries({ kind: 'incident' })).items), ['aaaadd']);
      assert.deepEqual(idsOf((await log.listSummaries({ kind: 'incident', namespace: 'prod' })).items), ['aaaadd']);
      for (const kind of ['incident', 'run', 'approval'] as const) {
        assert.deepEqual((await log.listSummaries({ kind, open: false })).items, []);
      }
      assert.deepEqual(idsOf(await log.findSummariesByPrefix('aaaa')), ['aaaadd']);
    },
  },
  {
    name: 'leaves what is open in any part, what is younger, and what is no incident, approval, run or message',
    async run({ log, archive }) {
      await writeAt(log, 5, newSummary('aaaaaa'));
      await writeAt(log, 5, closed('bbbbbb'), newSummary('bbbb22', { kind: 'approval' }));
      await writeAt(log, 5, closed('cccccc'), newSummary('cccc22', { kind: 'run' }));
      await writeAt(log, 60, closed('dddddd'));
      await writeAt(log, 5, closed('dddd22', { at: minute(60) }));
      await writeAt(log, 5, closed('eeeeee', { kind: 'source' }));
      await writeAt(log, 5, closed('ffffff', { kind: 'system' }));
      await writeAt(log, 5, closed('gggggg'), closed('gggg22', { kind: 'source' }));
      await appended(appendTo(log, { stream: 'incident/without-summary', events: [newEvent({ at: minute(5) })] }));
      assert.deepEqual(await archive.archiveStreams({ before, limit: 10 }), []);
      assert.equal(await archive.countArchived(), 0);
      assert.deepEqual(idsOf((await log.listSummaries({ kind: 'run' })).items), ['cccc22']);
    },
  },
  {
    name: 'archives messages of the chat that were answered',
    async run({ log, archive }) {
      const stream = 'inbox/slack/1';
      const summary = closed(stream, { kind: 'inbox', stream });
      await appended(appendTo(log, { stream, events: [newEvent({ at: minute(1) })], summaries: [summary] }));
      assert.deepEqual(await archive.archiveStreams({ before, limit: 10 }), [stream]);
    },
  },
  {
    name: 'judges the age by the newest event of a stream, not by its beginning',
    async run({ log, archive }) {
      await writeAt(log, 5, closed('aaaaaa'));
      await appended(appendTo(log, { stream: 'incident/aaaaaa', events: [newEvent({ at: minute(70) })] }));
      assert.deepEqual(await archive.archiveStreams({ before, limit: 10 }), []);
      assert.deepEqual(await archive.archiveStreams({ before: minute(70), limit: 10 }), []);
      assert.deepEqual(await archive.archiveStreams({ before: minute(71), limit: 10 }), ['incident/aaaaaa']);
    },
  },
  {
    name: 'compares times whatever their precision',
    async run({ log, archive }) {
      const times = { aaaaaa: '00Z', bbbbbb: '00.000Z', cccccc: '00.499999999Z', dddddd: '00.5Z', eeeeee: '01Z' };
      for (const [id, end] of Object.entries(times)) {
        const events = [newEvent({ at: `2026-01-01T00:10:${end}` })];
        await appended(appendTo(log, { stream: `incident/${id}`, events, summaries: [closed(id)] }));
      }
      const archived = await archive.archiveStreams({ before: '2026-01-01T00:10:00.500Z', limit: 10 });
      assert.deepEqual(archived, ['incident/aaaaaa', 'incident/bbbbbb', 'incident/cccccc']);
      assert.deepEqual(await archive.archiveStreams({ before: '2026-01-01T00:10:01Z', limit: 10 }), [
        'incident/dddddd',
      ]);
    },
  },
  {
    name: 'archives the oldest first, at most as many as asked, until nothing is left',
    async run({ log, archive }) {
      const streams: string[] = [];
      for (const [n, id] of ['cccccc', 'aaaaaa', 'eeeeee', 'bbbbbb', 'dddddd'].entries()) {
        const run = closed(`${id.slice(0, 4)}22`, { kind: 'run', at: minute(10 - n) });
        streams.push(await writeAt(log, 5, closed(id, { at: minute(n) }), run));
      }
      const all: string[] = [];
      for (let batch: readonly string[] = ['']; batch.length > 0;) {
        batch = await archive.archiveStreams({ before, limit: 2 });
        assert.ok(batch.length <= 2);
        all.push(...batch);
      }
      assert.deepEqual(all, streams);
      assert.equal((await log.readAll({ afterPosition: 0, limit: 100 })).length, 10);
    },
  },
  {
    name: 'counts what is archived',
    async run({ log, archive }) {
      assert.equal(await archive.countArchived(), 0);
      const stream = await writeOver(log);
      await writeAt(log, 5, closed('dddddd'));
      await archive.archiveStreams({ before, limit: 10 });
      assert.equal(await archive.countArchived(), 2);
      await appended(appendTo(log, { stream }));
      assert.equal(await archive.countArchived(), 1);
    },
  },
  {
    name: 'refuses a time and a limit that are malformed',
    async run({ archive }) {
      const bad = [
        { before: 'yesterday', limit: 1 },
        { before: '', limit: 1 },
        ...[0, -1, 1.5, 501].map((limit) => ({ before, limit })),
      ];
      for (const request of bad) {
        await assert.rejects(
          async () => archive.archiveStreams(request),
          (error: unknown) => isAppError(error) && error.code === 'DW_LOG_INPUT_INVALID',
          JSON.stringify(request),
        );
      }
    },
  },
];
