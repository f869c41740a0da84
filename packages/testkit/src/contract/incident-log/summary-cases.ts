import assert from 'node:assert/strict';
import type { IncidentLog, StoredSummary, SummaryQuery } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import {
  appended,
  appendTo,
  assertRefused,
  minute,
  newSummary,
  writeSummaries,
  type IncidentLogSubject,
} from './incident-log-subject.js';

const ids = (summaries: readonly StoredSummary[]): string[] => summaries.map((summary) => summary.id);

async function listAll(log: IncidentLog, query: SummaryQuery): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null | undefined;
  // Bounded, so that a log whose pages never end fails instead of hanging.
  for (let page = 0; page < 100 && cursor !== null; page++) {
    const answer = await log.listSummaries(cursor === undefined ? query : { ...query, cursor });
    found.push(...ids(answer.items));
    cursor = answer.next;
  }
  assert.equal(cursor, null, 'the pages do not end');
  return found;
}

/** What lists show. */
export const summaryCases: readonly ContractCase<IncidentLogSubject>[] = [
  {
    name: 'answers a summary by its whole id, with the position of its append',
    async run({ log }) {
      const { isNew, ...summary } = newSummary('aaaaaa', { key: 'k', namespace: 'prod', data: { title: 'web' } });
      const [event] = await appended(appendTo(log, { summaries: [{ ...summary, isNew }] }));
      assert.deepEqual(await log.getSummary('aaaaaa'), { ...summary, position: event?.position });
      assert.equal(await log.getSummary('aaaaa'), null);
      assert.equal(await log.getSummary('AAAAAA'), null);
    },
  },
  {
    name: 'replaces a summary, which keeps its place and gets a new position',
    async run({ log }) {
      await writeSummaries(log, [newSummary('aaaaaa', { at: minute(2) }), newSummary('bbbbbb', { at: minute(1) })]);
      const before = await log.getSummary('bbbbbb');
      await writeSummaries(log, [newSummary('bbbbbb', { at: minute(1), isNew: false, open: false, data: { n: 2 } })]);
      const after = await log.getSummary('bbbbbb');
      assert.deepEqual([after?.open, after?.data], [false, { n: 2 }]);
      assert.ok((after?.position ?? 0) > (before?.position ?? 0));
      assert.deepEqual(ids((await log.listSummaries({ kind: 'incident' })).items), ['aaaaaa', 'bbbbbb']);
    },
  },
  {
    name: 'lists newest first, of equal age the greater id first, whatever the precision of the times',
    async run({ log }) {
      await writeSummaries(log, [
        newSummary('aaaaaa', { at: '2026-01-01T00:00:01Z' }),
        newSummary('cccccc', { at: '2026-01-01T00:00:02Z' }),
        newSummary('bbbbbb', { at: '2026-01-01T00:00:01.500Z' }),
        newSummary('dddddd', { at: '2026-01-01T00:00:01.000Z' }),
      ]);
      const { items } = await log.listSummaries({ kind: 'incident' });
      assert.deepEqual(ids(items), ['cccccc', 'bbbbbb', 'dddddd', 'aaaaaa']);
    },
  },
  {
    name: 'lists what meets all conditions, and nothing else',
    async run({ log }) {
      await writeSummaries(log, [
        newSummary('aaaaaa', { namespace: 'prod', key: 'k1' }),
        newSummary('bbbbbb', { namespace: 'prod', key: 'k2', open: false }),
        newSummary('cccccc', { namespace: 'dev', key: 'k3', stream: 'incident/c' }),
        newSummary('dddddd', { kind: 'run', stream: 'incident/c', namespace: 'prod' }),
      ]);
      const expectations: readonly (readonly [SummaryQuery, readonly string[]])[] = [
        [{ kind: 'incident' }, ['cccccc', 'bbbbbb', 'aaaaaa']],
        [{ kind: 'incident', open: true }, ['cccccc', 'aaaaaa']],
        [{ kind: 'incident', open: false }, ['bbbbbb']],
        [{ kind: 'incident', namespace: 'prod' }, ['bbbbbb', 'aaaaaa']],
        [{ kind: 'incident', namespace: 'prod', open: true }, ['aaaaaa']],
        [{ kind: 'incident', key: 'k3' }, ['cccccc']],
        [{ kind: 'run', stream: 'incident/c' }, ['dddddd']],
        [{ kind: 'approval' }, []],
      ];
      for (const [query, expected] of expectations) {
        assert.deepEqual(ids((await log.listSummaries(query)).items), expected, JSON.stringify(query));
      }
    },
  },
  {
    name: 'pages through all of a list once, also where the last page is full',
    async run({ log }) {
      const all = Array.from({ length: 12 }, (_, n) => `aaaa${String(n).padStart(2, '0')}`);
      await writeSummaries(
        log,
        all.map((id, n) => newSummary(id, { at: minute(Math.floor(n / 5)) })),
      );
      const newestFirst = [...all].reverse();
      for (const limit of [1, 4, 5, 12, 500]) {
        assert.deepEqual(await listAll(log, { kind: 'incident', limit }), newestFirst, `limit ${limit}`);
      }
    },
  },
  {
    name: 'gives 100 summaries a page unless told otherwise',
    async run({ log }) {
      const summaries = Array.from({ length: 101 }, (_, n) => newSummary(`aaa${String(n).padStart(3, '0')}`));
      await appended(appendTo(log, { summaries }));
      assert.equal((await log.listSummaries({ kind: 'incident' })).items.length, 100);
    },
  },
  {
    name: 'neither repeats nor loses anything while new summaries come in between pages',
    async run({ log }) {
      const old = ['aaaa02', 'aaaa03', 'aaaa04', 'aaaa05', 'aaaa06', 'aaaa07'];
      await writeSummaries(
        log,
        old.map((id, n) => newSummary(id, { at: minute(n) })),
      );
      const first = await log.listSummaries({ kind: 'incident', limit: 2 });
      await writeSummaries(log, [newSummary('bbbb02', { at: minute(9) }), newSummary('bbbb03', { at: minute(9) })]);
      const second = await log.listSummaries({ kind: 'incident', limit: 2, cursor: first.next ?? '' });
      await writeSummaries(log, [newSummary('bbbb04', { at: minute(10) })]);
      const third = await log.listSummaries({ kind: 'incident', limit: 2, cursor: second.next ?? '' });
      assert.deepEqual(ids([...first.items, ...second.items, ...third.items]), [...old].reverse());
    },
  },
  {
    name: 'refuses cursors that no page ever gave',
    async run({ log }) {
      await writeSummaries(log, [newSummary('aaaaaa'), newSummary('bbbbbb')]);
      const { next } = await log.listSummaries({ kind: 'incident', limit: 1 });
      const made = (text: string): string => Buffer.from(text).toString('base64url');
      const bad = [
        '',
        'x',
        '%',
        ' ',
        `${next} `,
        `${next}=`,
        made('x/aaaaaa'),
        made('1/'),
        made("1/' OR 1=1"),
        made('[]'),
      ];
      for (const cursor of bad) {
        await assertRefused(log, 'DW_LOG_CURSOR_INVALID', () => log.listSummaries({ kind: 'incident', cursor }));
      }
    },
  },
  {
    name: 'finds summaries of every kind by the first characters of their id, at most 10, newest first',
    async run({ log }) {
      await writeSummaries(log, [
        newSummary('abcd22', { at: minute(1) }),
        newSummary('abcd33', { at: minute(3), kind: 'run' }),
        newSummary('abcd34', { at: minute(2), kind: 'approval', open: false }),
        newSummary('abce22', { at: minute(4) }),
        ...Array.from({ length: 11 }, (_, n) => newSummary(`zzzz${n + 22}`, { at: minute(n) })),
      ]);
      assert.deepEqual(ids(await log.findSummariesByPrefix('abcd')), ['abcd33', 'abcd34', 'abcd22']);
      assert.deepEqual(ids(await log.findSummariesByPrefix('abcd3')), ['abcd33', 'abcd34']);
      assert.deepEqual(ids(await log.findSummariesByPrefix('abcd22')), ['abcd22']);
      assert.deepEqual(await log.findSummariesByPrefix('mmmm'), []);
      const many = ids(await log.findSummariesByPrefix('zzzz'));
      assert.deepEqual([many.length, many[0]], [10, 'zzzz32']);
    },
  },
  {
    name: 'tells summaries in the order in which they were last written, without cutting an append in half',
    async run({ log }) {
      await writeSummaries(log, [newSummary('aaaaaa'), newSummary('bbbbbb')]);
      const batch = [newSummary('cccccc'), newSummary('dddddd'), newSummary('aaaaaa', { isNew: false })];
      await appended(appendTo(log, { summaries: batch }));
      await writeSummaries(log, [newSummary('eeeeee')]);
      const all = await log.summariesAfter({ afterPosition: 0, limit: 100 });
      assert.deepEqual([ids(all)[0], ids(all).at(-1), all.length], ['bbbbbb', 'eeeeee', 5]);
      const first = await log.summariesAfter({ afterPosition: 0, limit: 2 });
      assert.deepEqual(ids(first).sort(), ['aaaaaa', 'bbbbbb', 'cccccc', 'dddddd']);
      const rest = await log.summariesAfter({ afterPosition: first.at(-1)?.position ?? 0, limit: 2 });
      assert.deepEqual(ids(rest), ['eeeeee']);
      assert.deepEqual(await log.summariesAfter({ afterPosition: rest[0]?.position ?? 0, limit: 2 }), []);
    },
  },
];
