import assert from 'node:assert/strict';
import type { ContractCase } from '../contract-suite.js';
import { appended, appendTo, newSummary, writeSummaries, type IncidentLogSubject } from './incident-log-subject.js';

const key = 'homelab/Deployment/prod/web';

/** Ids and keys that nobody else may have. */
export const uniquenessCases: readonly ContractCase<IncidentLogSubject>[] = [
  {
    name: 'refuses a new summary whose id any kind has had, and stores nothing',
    async run({ log }) {
      await writeSummaries(log, [newSummary('aaaaaa', { kind: 'run', open: false, data: { first: true } })]);
      const before = await log.lastPosition();
      const result = await appendTo(log, {
        stream: 'incident/x',
        summaries: [newSummary('aaaaaa', { kind: 'approval' })],
      });
      assert.deepEqual(result, { ok: false, reason: 'id-taken', id: 'aaaaaa' });
      assert.equal(await log.lastPosition(), before);
      assert.deepEqual((await log.getSummary('aaaaaa'))?.data, { first: true });
    },
  },
  {
    name: 'refuses a second open incident with one key, and names the first',
    async run({ log }) {
      await writeSummaries(log, [newSummary('aaaaaa', { key })]);
      const before = await log.lastPosition();
      const result = await appendTo(log, { stream: 'incident/b', summaries: [newSummary('bbbbbb', { key })] });
      assert.deepEqual(result, { ok: false, reason: 'key-taken', key, id: 'aaaaaa' });
      assert.equal(await log.lastPosition(), before);
      assert.equal(await log.getSummary('bbbbbb'), null);
    },
  },
  {
    name: 'gives a key again when its incident is over',
    async run({ log }) {
      await writeSummaries(log, [
        newSummary('aaaaaa', { key }),
        newSummary('aaaaaa', { key, open: false, isNew: false }),
        newSummary('bbbbbb', { key }),
      ]);
      assert.equal((await log.getSummary('bbbbbb'))?.open, true);
    },
  },
  {
    name: 'refuses to reopen an incident whose key another open one has',
    async run({ log }) {
      await writeSummaries(log, [
        newSummary('aaaaaa', { key }),
        newSummary('aaaaaa', { key, open: false, isNew: false }),
        newSummary('bbbbbb', { key }),
      ]);
      const reopened = newSummary('aaaaaa', { key, isNew: false });
      const result = await appendTo(log, { stream: 'incident/aaaaaa', summaries: [reopened] });
      assert.deepEqual(result, { ok: false, reason: 'key-taken', key, id: 'bbbbbb' });
      assert.equal((await log.getSummary('aaaaaa'))?.open, false);
    },
  },
  {
    name: 'lets one batch close an incident and open the next with its key, in any order',
    async run({ log }) {
      await writeSummaries(log, [newSummary('aaaaaa', { key })]);
      const summaries = [newSummary('bbbbbb', { key }), newSummary('aaaaaa', { key, open: false, isNew: false })];
      await appended(appendTo(log, { summaries }));
      assert.equal((await log.getSummary('aaaaaa'))?.open, false);
      assert.equal((await log.getSummary('bbbbbb'))?.open, true);
    },
  },
  {
    name: 'guards keys of open incidents alone',
    async run({ log }) {
      await writeSummaries(log, [
        newSummary('aaaaaa', { key }),
        newSummary('bbbbbb', { key, kind: 'run' }),
        newSummary('cccccc', { key, kind: 'run' }),
        newSummary('dddddd', { key, open: false }),
        newSummary('eeeeee', { key: null }),
        newSummary('ffffff', { key: null }),
      ]);
      assert.equal((await log.listSummaries({ kind: 'run', key })).items.length, 2);
    },
  },
  {
    name: 'tells a version conflict before a taken id, and that before a taken key',
    async run({ log }) {
      await writeSummaries(log, [newSummary('aaaaaa', { key })]);
      const summaries = [newSummary('bbbbbb', { key }), newSummary('aaaaaa')];
      const stream = 'incident/aaaaaa';
      const conflict = await appendTo(log, { stream, expectedVersion: 0, summaries });
      assert.equal(conflict.ok ? 'ok' : conflict.reason, 'version-conflict');
      const taken = await appendTo(log, { stream, expectedVersion: 1, summaries });
      assert.equal(taken.ok ? 'ok' : taken.reason, 'id-taken');
    },
  },
];
