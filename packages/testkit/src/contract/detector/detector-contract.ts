import assert from 'node:assert/strict';
import { SEVERITIES } from '@dogwatch/core';
import type { ClusterObject, Detector, EventObject, Finding } from '@dogwatch/core';
import type { ContractCase, ContractSuite } from '../contract-suite.js';
import { contextOf, viewOf, type DetectorSample, type DetectorSubject } from './detector-sample.js';
import { oddObjects } from './odd-objects.js';

const maxMessageLength = 1500;
const dayMs = 24 * 60 * 60_000;

function detect(detector: Detector, sample: DetectorSample): Finding {
  const finding = detector.detect(sample.object, contextOf(sample));
  assert.ok(finding, `'${detector.eventType}' finds nothing where an object ${sample.name}`);
  return finding;
}

/** The same object after an update that has nothing to do with its problem. */
function touched(object: ClusterObject): ClusterObject {
  return { ...object, resourceVersion: `${object.resourceVersion}1`, labels: { ...object.labels, touched: 'yes' } };
}

/** The same with texts such as a cluster can well deliver. */
function talkative<T>(value: T): T {
  if (Array.isArray(value)) return value.map((one: unknown) => talkative(one)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]: [string, unknown]) => {
    if (key === 'message') return [key, 'one line\nand another '.repeat(5000)];
    if (key === 'image' && typeof part === 'string') return [key, part.repeat(500)];
    return [key, talkative(part)];
  });
  return Object.fromEntries(entries) as T;
}

function talkativeEvent(object: ClusterObject): EventObject {
  return {
    kind: 'Event',
    name: 'talkative',
    namespace: object.namespace,
    uid: 'uid-talkative',
    resourceVersion: '1',
    createdAt: object.createdAt,
    deletedAt: null,
    labels: {},
    annotations: {},
    controller: null,
    involved: { kind: object.kind, namespace: object.namespace, name: object.name, uid: object.uid },
    type: 'Warning',
    reason: 'Failed',
    message: 'one line\nand another '.repeat(5000),
    count: 1,
    lastSeenAt: object.createdAt,
  };
}

function withoutWorldClock<T>(work: () => T): T {
  const { now } = Date;
  const { random } = Math;
  const refuse = (): never => {
    throw new Error('A detector asks the world for the time or for chance; it may ask the context alone.');
  };
  Date.now = refuse;
  Math.random = refuse;
  try {
    return work();
  } finally {
    Date.now = now;
    Math.random = random;
  }
}

const declarations: readonly ContractCase<DetectorSubject>[] = [
  {
    name: 'declares a name, a title, a severity, a rank and times that make sense',
    run: ({ detector }) => {
      assert.match(detector.eventType, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
      assert.match(detector.title, /^\S.{2,60}\S$/);
      assert.ok(SEVERITIES.includes(detector.severity), `severity '${detector.severity}'`);
      assert.ok(detector.rank === null || (Number.isInteger(detector.rank) && detector.rank > 0), 'rank');
      for (const ms of [detector.forMs, detector.clearMs]) {
        assert.ok(Number.isInteger(ms) && ms >= 0 && ms <= dayMs, `'${ms}' ms is no time from 0 to a day`);
      }
      assert.ok(!detector.alsoReads.includes(detector.kind), 'alsoReads repeats its kind');
      assert.ok(!(detector.steadyDuring ?? []).includes(detector.eventType), 'is steady during itself');
    },
  },
  {
    name: 'has samples that are sick, healthy and well',
    run: ({ detector, sick, healthy, well }) => {
      for (const samples of [sick, healthy, well]) {
        assert.ok(samples.length > 0, `'${detector.eventType}' needs samples of each sort`);
        for (const { object } of samples) assert.equal(object.kind, detector.kind);
      }
    },
  },
];

const verdicts: readonly ContractCase<DetectorSubject>[] = [
  {
    name: 'finds the problem of every sick object',
    run: ({ detector, sick }) => {
      for (const sample of sick) detect(detector, sample);
    },
  },
  {
    name: 'calls no sick object well',
    run: ({ detector, sick }) => {
      for (const sample of sick) {
        assert.equal(detector.isWell(sample.object, contextOf(sample)), false, `well, although it ${sample.name}`);
      }
    },
  },
  {
    name: 'finds nothing in a healthy cluster',
    run: ({ detector, healthy }) => {
      for (const sample of healthy) {
        const finding = detector.detect(sample.object, contextOf(sample));
        assert.equal(finding, null, `finds '${finding?.message}' although it ${sample.name}`);
      }
    },
  },
  {
    name: 'calls an object well that has recovered',
    run: ({ detector, well }) => {
      for (const sample of well) {
        assert.equal(detector.isWell(sample.object, contextOf(sample)), true, `not well, although it ${sample.name}`);
      }
    },
  },
  {
    name: 'says nothing about objects of another kind',
    run: ({ detector }) => {
      for (const object of oddObjects.filter((one) => one.kind !== detector.kind)) {
        const context = contextOf({ name: 'odd', object });
        assert.equal(detector.detect(object, context), null);
        assert.equal(detector.isWell(object, context), false);
      }
    },
  },
];

const findings: readonly ContractCase<DetectorSubject>[] = [
  {
    name: 'explains in one bounded line, however much the cluster says',
    run: ({ detector, sick }) => {
      for (const sample of sick) {
        const long = { ...sample, object: talkative(sample.object), others: [talkativeEvent(sample.object)] };
        for (const one of [sample, long]) {
          const { message } = detect(detector, one);
          assert.ok(message.trim().length >= 10, `the message '${message}' says nothing`);
          assert.ok(message.length <= maxMessageLength, `a message of ${message.length} characters`);
          assert.ok(!/[\r\n]/.test(message), 'a message of several lines');
        }
      }
    },
  },
  {
    name: 'names the occurrence and a time that is not to come',
    run: ({ detector, sick }) => {
      for (const sample of sick) {
        const { occurrence, occurredAt } = detect(detector, sample);
        assert.ok(occurrence.length > 0 && occurrence.length <= 1000, `occurrence '${occurrence}'`);
        assert.ok(Number.isFinite(occurredAt) && occurredAt > 0, `occurredAt '${occurredAt}'`);
        assert.ok(occurredAt <= contextOf(sample).now, 'occurred in the future');
      }
    },
  },
  {
    name: 'tells occurrences of two objects apart',
    run: ({ detector, sick }) => {
      for (const sample of sick) {
        const twin = { ...sample, object: { ...sample.object, uid: `${sample.object.uid}-2` }, others: [] };
        assert.notEqual(detect(detector, twin).occurrence, detect(detector, sample).occurrence);
      }
    },
  },
  {
    name: 'keeps the occurrence through updates that change nothing, and as time passes',
    run: ({ detector, sick }) => {
      for (const sample of sick) {
        const later = { ...sample, object: touched(sample.object), now: contextOf(sample).now + 1000 };
        assert.equal(detect(detector, later).occurrence, detect(detector, sample).occurrence);
      }
    },
  },
  {
    name: 'gives facts that survive JSON',
    run: ({ detector, sick }) => {
      for (const sample of sick) {
        const { facts } = detect(detector, sample);
        assert.deepEqual(JSON.parse(JSON.stringify(facts)), facts);
      }
    },
  },
];

const purity: readonly ContractCase<DetectorSubject>[] = [
  {
    name: 'says the same whenever it is asked the same, and asks no clock of the world',
    run: ({ detector, sick, healthy, well }) => {
      for (const sample of [...sick, ...healthy, ...well]) {
        const ask = () => [
          detector.detect(sample.object, contextOf(sample)),
          detector.isWell(sample.object, contextOf(sample)),
        ];
        const first = withoutWorldClock(ask);
        assert.deepEqual(withoutWorldClock(ask), first);
        assert.deepEqual(withoutWorldClock(ask), first);
      }
    },
  },
  {
    name: 'leaves what it looks at as it was',
    run: ({ detector, sick, healthy, well }) => {
      for (const sample of [...sick, ...healthy, ...well]) {
        const open = { ...sample, object: structuredClone(sample.object) };
        const view = viewOf(open);
        detector.detect(open.object, contextOf(open, { view }));
        detector.isWell(open.object, contextOf(open, { view }));
        assert.deepEqual(open.object, sample.object);
      }
    },
  },
  {
    name: 'throws on no object, however odd',
    run: ({ detector }) => {
      for (const object of oddObjects) {
        const context = contextOf({ name: 'odd', object });
        assert.doesNotThrow(() => detector.detect(object, context));
        assert.doesNotThrow(() => detector.isWell(object, context));
      }
    },
  },
];

/** Every promise of `Detector`. */
export const detectorContract: ContractSuite<DetectorSubject> = {
  name: 'Detector',
  cases: [...declarations, ...verdicts, ...findings, ...purity],
};
