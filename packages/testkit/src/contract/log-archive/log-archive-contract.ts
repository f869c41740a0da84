import assert from 'node:assert/strict';
import { isAppError, verifyChain } from '@dogwatch/core';
import type { IncidentLog, LogArchive, StoredSummary, SummaryWrite } from '@dogwatch/core';
import type { ContractCase, ContractSuite } from '../contract-suite.js';
import { appended, appendTo, minute, newEvent, newSummary } from '../incident-log/incident-log-subject.js';

/** What the contract of `LogArchive` is run on. */
export interface LogArchiveSubject {
  /** An empty log. */
  readonly log: IncidentLog;
  /** The archive of the same store. */
  readonly archive: LogArchive;
}

const before = minute(60);
const ids = (summaries: readonly StoredSummary[]): string[] => summaries.map((summary) => summary.id);

/** Writes two events and these summaries to `incident/<id of the first>`, at a minute of the year. */
async function write(log: IncidentLog, at: number, ...summaries: readonly SummaryWrite[]): Promise<string> {
  const stream = `incident/${summaries[0]?.id ?? ''}`;
  const events = [newEvent({ at: minute(at) }), newEvent({ at: minute(at), data: { more: true } })];
  await appended(appendTo(log, { stream, events, summaries: summaries.map((summary) => ({ ...summary, stream })) }));
  return stream;
}

const closed = (id: string, overrides: Partial<SummaryWrite> = {}): SummaryWrite =>
  newSummary(id, { open: false, key: 'k', namespace: 'prod', ...overrides });

/** An incident that is over, with its run and its approval. */
const writeOver = (log: IncidentLog): Promise<string> =>
  write(log, 5, closed('aaaaaa'), closed('bbbbbb', { kind: 'run' }), closed('cccccc', { kind: 'approval' }));

const archivingCases: readonly ContractCase<LogArchiveSubject>[] = [
  {
    name: 'takes what is over out of the lists, with its runs and approvals',
    async run({ log, archive }) {
      const stream = await writeOver(log);
      await write(log, 5, newSummary('dddddd'));
      assert.deepEqual(await archive.archiveStreams({ before, limit: 10 }), [stream]);
      assert.deepEqual(ids((await log.listSummaries({ kind: 'incident' })).items), ['dddddd']);
      for (const kind of ['run', 'approval'] as const) assert.deepEqual((await log.listSummaries({ kind })).items, []);
      for (const query of [{ key: 'k' }, { namespace: 'prod' }, { open: false }]) {
        assert.deepEqual((await log.listSummaries({ kind: 'incident', ...query })).items, []);
      }
      assert.deepEqual(ids(await log.summariesAfter({ afterPosition: 0, limit: 10 })), ['dddddd']);
      assert.deepEqual(await log.findSummariesByPrefix('aaaa'), []);
    },
  },
  {
    name: 'leaves what is open in any part, what is younger, and what is no incident, approval or run',
    async run({ log, archive }) {
      await write(log, 5, newSummary('aaaaaa'));
      await write(log, 5, closed('bbbbbb'), newSummary('bbbb22', { kind: 'approval' }));
      await write(log, 5, closed('cccccc'), newSummary('cccc22', { kind: 'run' }));
      await write(log, 60, closed('dddddd'));
      await write(log, 5, closed('eeeeee', { kind: 'source' }));
      await write(log, 5, closed('ffffff', { kind: 'system' }));
      await appended(appendTo(log, { stream: 'incident/without-summary', events: [newEvent({ at: minute(5) })] }));
      assert.deepEqual(await archive.archiveStreams({ before, limit: 10 }), []);
      assert.equal((await log.summariesAfter({ afterPosition: 0, limit: 100 })).length, 8);
    },
  },
  {
    name: 'judges the age by the newest event of a stream, not by its beginning',
    async run({ log, archive }) {
      await write(log, 5, closed('aaaaaa'));
      await appended(appendTo(log, { stream: 'incident/aaaaaa', events: [newEvent({ at: minute(70) })] }));
      assert.deepEqual(await archive.archiveStreams({ before, limit: 10 }), []);
      assert.deepEqual(await archive.archiveStreams({ before: minute(71), limit: 10 }), ['incident/aaaaaa']);
    },
  },
  {
    name: 'archives the oldest first, at most as many as asked, until nothing is left',
    async run({ log, archive }) {
      const streams: string[] = [];
      for (const [n, id] of ['cccccc', 'aaaaaa', 'eeeeee', 'bbbbbb', 'dddddd'].entries()) {
        streams.push(await write(log, 5, closed(id, { at: minute(n) })));
      }
      assert.deepEqual(await archive.archiveStreams({ before, limit: 2 }), streams.slice(0, 2));
      assert.deepEqual(await archive.archiveStreams({ before, limit: 2 }), streams.slice(2, 4));
      assert.deepEqual(await archive.archiveStreams({ before, limit: 2 }), streams.slice(4));
      assert.deepEqual(await archive.archiveStreams({ before, limit: 2 }), []);
      assert.equal((await log.readAll({ afterPosition: 0, limit: 100 })).length, 10);
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

const keepingCases: readonly ContractCase<LogArchiveSubject>[] = [
  {
    name: 'reads archived events as before, in their stream and among all others, their chain whole',
    async run({ log, archive }) {
      await write(log, 1, newSummary('zzzzzz'));
      const stream = await writeOver(log);
      await write(log, 5, newSummary('dddddd'));
      const [own, all] = [await log.readStream(stream), await log.readAll({ afterPosition: 0, limit: 100 })];
      await archive.archiveStreams({ before, limit: 10 });
      assert.deepEqual(await log.readStream(stream), own);
      assert.deepEqual(await log.readStream(stream, { fromVersion: 2, limit: 1 }), own.slice(1, 2));
      assert.deepEqual(await log.readAll({ afterPosition: 0, limit: 100 }), all);
      assert.deepEqual(await log.readAll({ afterPosition: 2, limit: 3 }), all.slice(2, 5));
      assert.deepEqual(verifyChain(await log.readStream(stream)), { ok: true });
    },
  },
  {
    name: 'answers archived summaries by their whole id, and by their stream',
    async run({ log, archive }) {
      const stream = await writeOver(log);
      const known = await Promise.all(['aaaaaa', 'bbbbbb', 'cccccc'].map((id) => log.getSummary(id)));
      await archive.archiveStreams({ before, limit: 10 });
      for (const summary of known) {
        assert.ok(summary);
        assert.deepEqual(await log.getSummary(summary.id), summary);
        assert.deepEqual(await log.findSummariesByPrefix(summary.id), [summary]);
        assert.deepEqual((await log.listSummaries({ kind: summary.kind, stream })).items, [summary]);
      }
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
      const [next] = await appended(appendTo(log, { stream: 'incident/new' }));
      assert.ok((next?.position ?? 0) > (last?.position ?? Infinity));
    },
  },
  {
    name: 'goes on where an archived stream ends',
    async run({ log, archive }) {
      const stream = await writeOver(log);
      await archive.archiveStreams({ before, limit: 10 });
      const [next] = await appended(appendTo(log, { stream, expectedVersion: 2 }));
      assert.equal(next?.version, 3);
      const events = await log.readStream(stream);
      assert.deepEqual(
        events.map((event) => event.version),
        [1, 2, 3],
      );
      assert.deepEqual(verifyChain(events), { ok: true });
    },
  },
  {
    name: 'brings a summary that is replaced back to the lists, until it is archived again',
    async run({ log, archive }) {
      const stream = await writeOver(log);
      await archive.archiveStreams({ before, limit: 10 });
      const again = { ...closed('aaaaaa', { isNew: false, data: { again: true } }), stream };
      await appended(appendTo(log, { stream, events: [newEvent({ at: minute(6) })], summaries: [again] }));
      assert.deepEqual(ids((await log.listSummaries({ kind: 'incident' })).items), ['aaaaaa']);
      assert.deepEqual(ids((await log.listSummaries({ kind: 'incident', stream })).items), ['aaaaaa']);
      assert.deepEqual(await archive.archiveStreams({ before, limit: 10 }), [stream]);
      assert.deepEqual((await log.listSummaries({ kind: 'incident' })).items, []);
      assert.deepEqual((await log.getSummary('aaaaaa'))?.data, { again: true });
      assert.deepEqual(verifyChain(await log.readStream(stream)), { ok: true });
      assert.equal((await log.readStream(stream)).length, 3);
    },
  },
];

/** Every promise of `LogArchive`. */
export const logArchiveContract: ContractSuite<LogArchiveSubject> = {
  name: 'LogArchive',
  cases: [...archivingCases, ...keepingCases],
};
