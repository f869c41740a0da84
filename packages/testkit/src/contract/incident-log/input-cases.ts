import { MAX_JSON_DEPTH } from '@dogwatch/core';
import type { IncidentLog, JsonObject, JsonValue, NewEvent, SummaryWrite } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import {
  appendTo,
  assertRefused,
  minute,
  newEvent,
  newSummary,
  writeSummaries,
  type IncidentLogSubject,
} from './incident-log-subject.js';

type Attempt = (log: IncidentLog) => Promise<unknown>;

const event =
  (overrides: Record<string, unknown>): Attempt =>
  (log) =>
    appendTo(log, { events: [newEvent(overrides as Partial<NewEvent>)] });
const data = (value: unknown): Attempt => event({ data: { value } });
const summary =
  (overrides: Record<string, unknown>): Attempt =>
  (log) =>
    appendTo(log, { summaries: [newSummary('aaaaaa', overrides as Partial<SummaryWrite>)] });

function tooDeep(): JsonValue {
  let value: JsonValue = 1;
  for (let level = 0; level <= MAX_JSON_DEPTH; level++) value = [value];
  return value;
}

function replacing(change: Partial<SummaryWrite>): Attempt {
  return (log) => appendTo(log, { summaries: [newSummary('rrrrrr', { key: 'k', ...change, isNew: false })] });
}

const malformed: Readonly<Record<string, readonly Attempt[]>> = {
  'a batch without events': [
    (log) => log.append({ appends: [] }),
    (log) => log.append({ appends: [], summaries: [newSummary('aaaaaa')] }),
    (log) => appendTo(log, { events: [] }),
  ],
  'two appends for one stream': [
    (log) => {
      const append = { stream: 'incident/a', expectedVersion: 0, events: [newEvent()] };
      return log.append({ appends: [append, append] });
    },
  ],
  'a bad name of a stream': ['', ' ', 'a b', '/a', 'a\u0000', 'ä', 'a'.repeat(201)].map(
    (stream): Attempt =>
      (log) =>
        appendTo(log, { stream }),
  ),
  'a bad expected version': [-1, 1.5, Number.NaN, 2 ** 53].map(
    (expectedVersion): Attempt =>
      (log) =>
        appendTo(log, { expectedVersion }),
  ),
  'a bad event type': ['', 'Comment', '-', 'a b', 'a'.repeat(101)].map((type) => event({ type })),
  'a bad schema version': [0, -1, 1.5, Number.NaN].map((schemaVersion) => event({ schemaVersion })),
  'a bad time': ['', 'yesterday', '2026-01-01', '2026-01-01T00:00:00+01:00', '2026-13-01T00:00:00Z'].flatMap((at) => [
    event({ at }),
    summary({ at }),
  ]),
  'an actor without a name': [
    event({ actor: { channelType: '', userId: 'x' } }),
    event({ actor: { channelType: 'web', userId: '' } }),
  ],
  'data that is not plain JSON': [
    ...[undefined, Number.NaN, Infinity, 1n, () => 1, Symbol('s'), new Date(0), new Map(), tooDeep()].flatMap(
      (value) => [data(value), summary({ data: { value } as unknown as JsonObject })],
    ),
    event({ data: [] }),
    event({ data: null }),
    event({ data: 'text' }),
  ],
  'a bad summary': [summary({ kind: 'cat' }), summary({ id: '' }), summary({ id: 'a b' }), summary({ stream: '' })],
  'one summary twice in a batch': [
    (log) => appendTo(log, { summaries: [newSummary('aaaaaa'), newSummary('aaaaaa', { isNew: false })] }),
  ],
  'two open incidents with one key in a batch': [
    (log) => appendTo(log, { summaries: [newSummary('aaaaaa', { key: 'k2' }), newSummary('bbbbbb', { key: 'k2' })] }),
  ],
  'to replace a summary that does not exist': [summary({ isNew: false })],
  'to change what never changes of a summary': [
    replacing({ kind: 'run' }),
    replacing({ stream: 'incident/other' }),
    replacing({ at: minute(1) }),
    replacing({ key: 'other' }),
    replacing({ key: null }),
  ],
  'a bad limit': [
    ...[0, -1, 1.5, Number.NaN, 1_001].flatMap((limit): Attempt[] => [
      (log) => log.readAll({ afterPosition: 0, limit }),
      (log) => log.summariesAfter({ afterPosition: 0, limit }),
    ]),
    ...[0, -1, 1.5, 501].map(
      (limit): Attempt =>
        (log) =>
          log.listSummaries({ kind: 'incident', limit }),
    ),
    (log) => log.readStream('incident/a', { limit: 0 }),
  ],
  'a bad place to read from': [
    (log) => log.readAll({ afterPosition: -1, limit: 1 }),
    (log) => log.summariesAfter({ afterPosition: 0.5, limit: 1 }),
    (log) => log.readStream('incident/a', { fromVersion: 0 }),
  ],
  'a bad id prefix': ['', 'abc', 'abcdefg', 'ABCD', 'abc%', 'abc_', 'ab0d', 'ab d'].map(
    (prefix): Attempt =>
      (log) =>
        log.findSummariesByPrefix(prefix),
  ),
};

/** Malformed input is refused with `DW_LOG_INPUT_INVALID`, and stores nothing. */
export const inputCases: readonly ContractCase<IncidentLogSubject>[] = Object.entries(malformed).map(
  ([what, attempts]) => ({
    name: `refuses ${what}`,
    async run({ log }) {
      await writeSummaries(log, [newSummary('rrrrrr', { key: 'k' })]);
      for (const attempt of attempts) await assertRefused(log, 'DW_LOG_INPUT_INVALID', () => attempt(log));
    },
  }),
);
