import assert from 'node:assert/strict';
import { FIRST_PREVIOUS_HASH, verifyChain } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import {
  appended,
  appendTo,
  newEvent,
  newEvents,
  newSummary,
  type IncidentLogSubject,
} from './incident-log-subject.js';

/** What one append does: versions, positions, hashes, all or nothing. */
export const appendCases: readonly ContractCase<IncidentLogSubject>[] = [
  {
    name: 'counts versions from 1 in each stream',
    async run({ log }) {
      await appendTo(log, { stream: 'incident/a', expectedVersion: 0, events: newEvents(2) });
      await appendTo(log, { stream: 'incident/b', expectedVersion: 0 });
      const events = await appended(appendTo(log, { stream: 'incident/a', expectedVersion: 2, events: newEvents(2) }));
      assert.deepEqual(
        events.map((event) => [event.stream, event.version]),
        [
          ['incident/a', 3],
          ['incident/a', 4],
        ],
      );
    },
  },
  {
    name: 'gives every event a growing position from 1 up',
    async run({ log }) {
      const first = await appended(appendTo(log, { events: newEvents(3) }));
      const second = await appended(appendTo(log, { stream: 'incident/b', events: newEvents(2) }));
      const positions = [...first, ...second].map((event) => event.position);
      assert.ok((positions[0] ?? 0) >= 1);
      assert.deepEqual(
        positions,
        [...new Set(positions)].sort((a, b) => a - b),
      );
    },
  },
  {
    name: 'answers exactly the events that are read later',
    async run({ log }) {
      const given = newEvent({ type: 'step-intended', schemaVersion: 3, data: { a: [1, { b: null }] } });
      const events = await appended(appendTo(log, { events: [given] }));
      assert.deepEqual(await log.readStream('incident/a'), events);
      assert.deepEqual(await log.readAll({ afterPosition: 0, limit: 10 }), events);
      const { type, schemaVersion, at, actor, data } = events[0] ?? newEvent();
      assert.deepEqual({ type, schemaVersion, at, actor, data }, given);
    },
  },
  {
    name: 'refuses an expected version that is not the actual one, and tells that one',
    async run({ log }) {
      await appendTo(log, { expectedVersion: 0, events: newEvents(2) });
      for (const expectedVersion of [0, 1, 3]) {
        assert.deepEqual(await appendTo(log, { expectedVersion }), {
          ok: false,
          reason: 'version-conflict',
          stream: 'incident/a',
          actualVersion: 2,
        });
      }
      assert.equal((await log.readStream('incident/a')).length, 2);
    },
  },
  {
    name: 'appends at the end, wherever that is, when any version is expected',
    async run({ log }) {
      await appended(appendTo(log, { expectedVersion: 'any' }));
      const events = await appended(appendTo(log, { expectedVersion: 'any' }));
      assert.equal(events[0]?.version, 2);
    },
  },
  {
    name: 'links the events of each stream by hashes that verify',
    async run({ log }) {
      await appendTo(log, { stream: 'incident/a', events: newEvents(2) });
      await appendTo(log, { stream: 'incident/b', events: newEvents(2) });
      await appendTo(log, { stream: 'incident/a', events: newEvents(2) });
      for (const [stream, length] of [['incident/a', 4] as const, ['incident/b', 2] as const]) {
        const events = await log.readStream(stream);
        assert.equal(events.length, length);
        assert.equal(events[0]?.previousHash, FIRST_PREVIOUS_HASH);
        assert.deepEqual(verifyChain(events), { ok: true });
      }
    },
  },
  {
    name: 'writes several streams and summaries as one',
    async run({ log }) {
      const events = await appended(
        log.append({
          appends: [
            { stream: 'incident/a', expectedVersion: 0, events: newEvents(2) },
            { stream: 'run/b', expectedVersion: 0, events: newEvents(1) },
          ],
          summaries: [newSummary('aaaaaa'), newSummary('bbbbbb', { kind: 'run', stream: 'run/b' })],
        }),
      );
      assert.deepEqual(
        events.map((event) => [event.stream, event.version]),
        [
          ['incident/a', 1],
          ['incident/a', 2],
          ['run/b', 1],
        ],
      );
      const last = events.at(-1)?.position;
      assert.equal((await log.getSummary('aaaaaa'))?.position, last);
      assert.equal((await log.getSummary('bbbbbb'))?.position, last);
    },
  },
  {
    name: 'stores nothing of a batch of which one stream conflicts',
    async run({ log }) {
      await appendTo(log, { stream: 'incident/b' });
      const before = await log.lastPosition();
      const result = await log.append({
        appends: [
          { stream: 'incident/a', expectedVersion: 0, events: newEvents(1) },
          { stream: 'incident/b', expectedVersion: 0, events: newEvents(1) },
        ],
        summaries: [newSummary('aaaaaa')],
      });
      assert.deepEqual(result, { ok: false, reason: 'version-conflict', stream: 'incident/b', actualVersion: 1 });
      assert.equal(await log.lastPosition(), before);
      assert.deepEqual(await log.readStream('incident/a'), []);
      assert.equal(await log.getSummary('aaaaaa'), null);
    },
  },
  {
    name: 'goes on after a refused append as if it had not been',
    async run({ log }) {
      await appendTo(log, { expectedVersion: 0 });
      await appendTo(log, { expectedVersion: 0 });
      await appendTo(log, { expectedVersion: 1 });
      const events = await log.readStream('incident/a');
      assert.deepEqual(
        events.map((event) => event.version),
        [1, 2],
      );
      assert.deepEqual(verifyChain(events), { ok: true });
    },
  },
];
