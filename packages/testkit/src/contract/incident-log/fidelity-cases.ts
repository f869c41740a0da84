import assert from 'node:assert/strict';
import { MAX_JSON_DEPTH, verifyChain, type JsonObject, type JsonValue } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import {
  appended,
  appendTo,
  newEvent,
  newSummary,
  storeAndRead,
  type IncidentLogSubject,
} from './incident-log-subject.js';

const strings = [
  '',
  'ünïcödé — 日本語 — עברית — \u{1F436}\u{1F3FD}',
  'e\u0301 and é',
  '\uFEFFbyte order mark',
  'NUL \u0000 in the middle',
  'a lone \ud800 high and a lone \udc00 low surrogate',
  'line\nbreak\r\ttab \u2028 \u2029 \u007f \u0085',
  `'); DROP TABLE events; --`,
  '<img src=x onerror=alert(1)> ${x} {{ y }} %s ? :id @id $id',
  '\\ \\u0000 "quoted" \\"',
];
const numbers = [0, -1, 0.1, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 2 ** 53 - 1, 2 ** 53, 2 ** 63, -(2 ** 63)];

function nested(depth: number): JsonObject {
  let value: JsonValue = 'deep';
  for (let level = 1; level < depth; level++) value = level % 2 === 0 ? [value] : { down: value };
  return { down: value };
}

/** Data comes back as it was given. */
export const fidelityCases: readonly ContractCase<IncidentLogSubject>[] = [
  {
    name: 'keeps every string as it is, hostile ones included',
    async run({ log }) {
      assert.deepEqual(await storeAndRead(log, { strings }), { strings });
      const actor = { channelType: 'web', userId: strings.join() };
      await appended(appendTo(log, { stream: 'incident/actor', events: [newEvent({ actor })] }));
      const events = await log.readStream('incident/actor');
      assert.deepEqual(events[0]?.actor, actor);
      assert.deepEqual(verifyChain(events), { ok: true });
    },
  },
  {
    name: 'keeps every key as it is, hostile ones included',
    async run({ log }) {
      const names = ['__proto__', 'constructor', 'toString', 'a.b', '0', '', ' '];
      const entries = [...strings, ...names].map((key, n) => [key, n] as const);
      const stored = await storeAndRead(log, Object.fromEntries(entries));
      assert.deepEqual(new Map(Object.entries(stored)), new Map(entries));
    },
  },
  {
    name: 'keeps numbers, booleans, null and empty containers as they are',
    async run({ log }) {
      const data = { numbers, flags: [true, false], nothing: null, emptyList: [], emptyObject: {} };
      assert.deepEqual(await storeAndRead(log, data), data);
    },
  },
  {
    name: 'keeps deeply nested and large data',
    async run({ log }) {
      const data = {
        deep: nested(MAX_JSON_DEPTH - 2),
        long: 'ü'.repeat(1_000_000),
        wide: numbers.concat(...Array(500).fill(numbers)),
      };
      assert.deepEqual(await storeAndRead(log, data), data);
      assert.deepEqual(verifyChain(await log.readStream('incident/fidelity')), { ok: true });
    },
  },
  {
    name: 'keeps the texts and the data of summaries',
    async run({ log }) {
      for (const [n, text] of strings.entries()) {
        const id = `aaaa2${n}`;
        const summary = newSummary(id, { key: `k${text}`, namespace: text, data: { text, strings, numbers } });
        await appended(appendTo(log, { summaries: [summary] }));
        const stored = await log.getSummary(id);
        assert.deepEqual([stored?.key, stored?.namespace, stored?.data], [summary.key, text, summary.data]);
        const found = (await log.listSummaries({ kind: 'incident', key: `k${text}`, namespace: text })).items;
        assert.deepEqual(
          found.map((one) => one.id),
          [id],
        );
      }
    },
  },
  {
    name: 'is not changed by changing what was given to it or got from it',
    async run({ log }) {
      const data = { list: [1] };
      const summaryData = { list: [1] };
      const given = appendTo(log, {
        events: [newEvent({ data })],
        summaries: [newSummary('aaaaaa', { data: summaryData })],
      });
      data.list.push(2);
      summaryData.list.push(2);
      const [event] = await appended(given);
      data.list.push(3);
      summaryData.list.push(3);
      const tamper = (value: unknown): void => {
        try {
          (value as { list: number[] }).list.push(4);
        } catch (error) {
          // Frozen data is as good as a copy.
          assert.ok(error instanceof TypeError);
        }
      };
      const before = await log.readStream('incident/a');
      const kept = structuredClone(before);
      for (const value of [event?.data, before[0]?.data, (await log.getSummary('aaaaaa'))?.data]) tamper(value);
      const after = await log.readStream('incident/a');
      assert.deepEqual(after, kept);
      assert.deepEqual(verifyChain(after), { ok: true });
      const list = (await log.getSummary('aaaaaa'))?.data['list'] as readonly number[];
      assert.ok(!list.includes(3) && !list.includes(4));
    },
  },
];
