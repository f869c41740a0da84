import assert from 'node:assert/strict';
import { verifyChain } from '@dogwatch/core';
import type { IncidentLog, SummaryKind, SummaryQuery } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import { appended, appendTo, minute, newSummary } from '../incident-log/incident-log-subject.js';
import { before, closed, idsOf, writeAt, writeOver, type LogArchiveSubject } from './log-archive-subject.js';

async function pagesOf(log: IncidentLog, query: SummaryQuery): Promise<readonly (readonly string[])[]> {
  const pages: string[][] = [];
  let cursor: string | null | undefined;
  // Bounded, so that a log whose pages never end fails instead of hanging.
  for (let page = 0; page < 20 && cursor !== null; page++) {
    const answer = await log.listSummaries(cursor === undefined ? query : { ...query, cursor });
    pages.push(idsOf(answer.items));
    cursor = answer.next;
  }
  return pages;
}

/** Everything that archiving must not change. */
async function readEverything(log: IncidentLog, stream: string): Promise<unknown> {
  const positions = [0, 1, 2, 3, 4, 5, 6, 7];
  const kinds: readonly SummaryKind[] = ['incident', 'run', 'approval'];
  return {
    last: await log.lastPosition(),
    own: await log.readStream(stream),
    end: await log.readStream(stream, { fromVersion: 2 }),
    part: await log.readStream(stream, { fromVersion: 1, limit: 1 }),
    all: await Promise.all(positions.map((afterPosition) => log.readAll({ afterPosition, limit: 3 }))),
    changed: await Promise.all(positions.map((afterPosition) => log.summariesAfter({ afterPosition, limit: 1 }))),
    byId: await Promise.all(['aaaaaa', 'bbbbbb', 'cccccc'].map((id) => log.getSummary(id))),
    byWholeId: await Promise.all(['aaaaaa', 'bbbbbb', 'cccccc'].map((id) => log.findSummariesByPrefix(id))),
    byStream: await Promise.all(kinds.map((kind) => pagesOf(log, { kind, stream, limit: 1 }))),
    byKey: await Promise.all(kinds.map((kind) => pagesOf(log, { kind, key: 'k', limit: 1 }))),
    byKeyAndState: await pagesOf(log, { kind: 'incident', key: 'k', namespace: 'prod', open: false }),
  };
}

/** What archiving leaves as it was. */
export const keepingCases: readonly ContractCase<LogArchiveSubject>[] = [
  {
    name: 'reads events, and summaries by id, stream, key and position, as if nothing had happened',
    async run({ log, archive }) {
      await writeAt(log, 1, newSummary('zzzzzz', { key: 'z' }));
      const stream = await writeOver(log);
      await writeAt(log, 70, closed('dddddd', { at: minute(70) }), closed('dddd22', { kind: 'run', at: minute(1) }));
      const known = await readEverything(log, stream);
      assert.deepEqual(await archive.archiveStreams({ before, limit: 10 }), [stream]);
      assert.deepEqual(await readEverything(log, stream), known);
      assert.deepEqual(verifyChain(await log.readStream(stream)), { ok: true });
    },
  },
  {
    name: 'never gives an archived id again, of whatever kind',
    async run({ log, archive }) {
      await writeOver(log);
      await archive.archiveStreams({ before, limit: 10 });
      for (const id of ['aaaaaa', 'bbbbbb', 'cccccc']) {
        const result = await appendTo(log, { stream: 'incident/new', summaries: [newSummary(id)] });
        assert.deepEqual(result, { ok: false, reason: 'id-taken', id });
      }
    },
  },
  {
    name: 'never gives a version or a position again, also not those of the newest event',
    async run({ log, archive }) {
      const stream = await writeOver(log);
      const last = (await log.readStream(stream)).at(-1);
      await archive.archiveStreams({ before, limit: 10 });
      assert.equal(await log.lastPosition(), last?.position);
      assert.deepEqual(await appendTo(log, { stream, expectedVersion: 0 }), {
        ok: false,
        reason: 'version-conflict',
        stream,
        actualVersion: 2,
      });
      assert.equal(await archive.countArchived(), 1);
      const [next] = await appended(appendTo(log, { stream: 'incident/new' }));
      assert.ok((next?.position ?? 0) > (last?.position ?? Infinity));
    },
  },
  {
    name: 'keeps what is archived when the store is opened again',
    needs: 'reopen',
    async run({ log, archive, reopen }) {
      const stream = await writeOver(log);
      await archive.archiveStreams({ before, limit: 10 });
      const known = await readEverything(log, stream);
      assert.ok(reopen);
      const again = await reopen();
      assert.deepEqual(await readEverything(again.log, stream), known);
      assert.deepEqual((await again.log.listSummaries({ kind: 'incident' })).items, []);
      assert.equal(await again.archive.countArchived(), 1);
    },
  },
];
