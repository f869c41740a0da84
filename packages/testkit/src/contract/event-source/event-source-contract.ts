import assert from 'node:assert/strict';
import { SEVERITIES } from '@dogwatch/core';
import type { ClusterEvent } from '@dogwatch/core';
import type { ContractCase, ContractSuite } from '../contract-suite.js';
import { kinds, occurrences, settle, start, type EventSourceSubject } from './event-source-subject.js';

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function assertWellFormed(event: ClusterEvent, source: string): void {
  assert.equal(event.source, source);
  assert.ok(event.facet.length > 0);
  assert.ok(event.resource.cluster.length > 0 && event.resource.kind.length > 0 && event.resource.name.length > 0);
  assert.deepEqual(JSON.parse(JSON.stringify(event)), event);
  if (event.kind === 'cleared') {
    assert.match(event.clearedAt, isoTime);
    assert.ok(event.reason.length > 0);
    return;
  }
  assert.match(event.occurredAt, isoTime);
  assert.match(event.eventType, /^[a-z][a-z0-9_]*$/);
  assert.ok(SEVERITIES.includes(event.severity));
  assert.ok(event.message.length > 0 && event.occurrence.length > 0);
}

const lifeCases: readonly ContractCase<EventSourceSubject>[] = [
  {
    name: 'emits nothing before it is started',
    run: async (subject) => {
      await subject.world.trouble('a');
      await settle(subject);
      assert.deepEqual(subject.sink.offered, []);
    },
  },
  {
    name: 'emits nothing after it was stopped, and can be stopped twice',
    run: async (subject) => {
      await start(subject);
      await subject.source.stop();
      await subject.source.stop();
      await subject.world.trouble('a');
      await settle(subject);
      assert.deepEqual(subject.sink.offered, []);
    },
  },
  {
    name: 'emits nothing after its signal has aborted',
    run: async (subject) => {
      const abort = await start(subject);
      abort.abort();
      await subject.clock.flush();
      await subject.world.trouble('a');
      await settle(subject);
      assert.deepEqual(subject.sink.offered, []);
    },
  },
  {
    name: 'gives up what it could not deliver when it is stopped',
    run: async (subject) => {
      await start(subject);
      subject.sink.refuse();
      await subject.world.trouble('a');
      await settle(subject);
      await subject.source.stop();
      subject.sink.accept();
      await settle(subject);
      assert.deepEqual(subject.sink.events, []);
    },
  },
];

const tellingCases: readonly ContractCase<EventSourceSubject>[] = [
  {
    name: 'tells well-formed events that carry its name',
    run: async (subject) => {
      await start(subject);
      await subject.world.trouble('a');
      await subject.world.end('a');
      await settle(subject);
      assert.deepEqual(kinds(subject.sink.events), ['observed', 'cleared']);
      for (const event of subject.sink.events) assertWellFormed(event, subject.source.name);
    },
  },
  {
    name: 'tells an occurrence once, however often it is touched',
    run: async (subject) => {
      await start(subject);
      await subject.world.trouble('a');
      for (let time = 0; time < 5; time += 1) {
        await subject.world.touch('a');
        await settle(subject);
      }
      assert.equal(occurrences(subject.sink.events).length, 1);
    },
  },
  {
    name: 'tells each further occurrence as another one',
    run: async (subject) => {
      await start(subject);
      await subject.world.trouble('a');
      await subject.clock.advance(1000);
      await subject.world.again('a');
      await subject.clock.advance(1000);
      await subject.world.again('a');
      await settle(subject);
      const told = occurrences(subject.sink.events);
      assert.equal(told.length, 3);
      assert.equal(new Set(told).size, 3);
    },
  },
  {
    name: 'clears what is over, once',
    run: async (subject) => {
      await start(subject);
      await subject.world.trouble('a');
      await settle(subject);
      await subject.world.end('a');
      for (let time = 0; time < 3; time += 1) await settle(subject);
      assert.deepEqual(kinds(subject.sink.events), ['observed', 'cleared']);
      assert.deepEqual(subject.sink.activeFacets(subject.source.name), []);
    },
  },
  {
    name: 'keeps two troubles apart',
    run: async (subject) => {
      await start(subject);
      await subject.world.trouble('a');
      await subject.world.trouble('b');
      await settle(subject);
      assert.equal(subject.sink.activeFacets(subject.source.name).length, 2);
      await subject.world.end('a');
      await settle(subject);
      assert.equal(subject.sink.activeFacets(subject.source.name).length, 1);
    },
  },
];

const restartCases: readonly ContractCase<EventSourceSubject>[] = [
  {
    name: 'does not tell again after a restart what is known and still holds',
    run: async (subject) => {
      await start(subject);
      await subject.world.trouble('a');
      await settle(subject);
      await subject.source.stop();
      await start(subject, subject.restarted());
      await settle(subject);
      assert.deepEqual(kinds(subject.sink.events), ['observed']);
    },
  },
  {
    name: 'clears after a restart what was over before it began',
    run: async (subject) => {
      await start(subject);
      await subject.world.trouble('a');
      await settle(subject);
      await subject.source.stop();
      await subject.world.end('a');
      await start(subject, subject.restarted());
      await settle(subject);
      assert.deepEqual(kinds(subject.sink.events), ['observed', 'cleared']);
    },
  },
];

const laterTermCases: readonly ContractCase<EventSourceSubject>[] = [
  {
    name: 'begins anew when it is started again after its stop',
    run: async (subject) => {
      await start(subject);
      await subject.source.stop();
      await subject.world.trouble('a');
      await settle(subject);
      await start(subject);
      await subject.world.end('a');
      await settle(subject);
      assert.deepEqual(kinds(subject.sink.events), ['observed', 'cleared']);
    },
  },
];

const refusalCases: readonly ContractCase<EventSourceSubject>[] = [
  {
    name: 'tries again what the sink refused, until it is taken',
    run: async (subject) => {
      await start(subject);
      subject.sink.refuse();
      await subject.world.trouble('a');
      await settle(subject);
      assert.deepEqual(subject.sink.events, []);
      subject.sink.accept();
      await settle(subject);
      assert.deepEqual(kinds(subject.sink.events), ['observed']);
    },
  },
  {
    name: 'does not offer a refused event without a pause',
    run: async (subject) => {
      await start(subject);
      subject.sink.refuse();
      await subject.world.trouble('a');
      await subject.clock.advance(60_000);
      const { length } = subject.sink.offered;
      assert.ok(length <= 100, `offered ${length} times in a minute`);
    },
  },
  {
    name: 'ends with the newest state when events were refused on the way',
    run: async (subject) => {
      await start(subject);
      subject.sink.refuse();
      await subject.world.trouble('a');
      await settle(subject);
      await subject.world.end('a');
      await settle(subject);
      subject.sink.accept();
      await settle(subject);
      assert.equal(subject.sink.events.at(-1)?.kind, 'cleared');
      assert.deepEqual(subject.sink.activeFacets(subject.source.name), []);
    },
  },
  {
    name: 'never tells an older occurrence of a key after a newer one',
    run: async (subject) => {
      await start(subject);
      subject.sink.refuse();
      await subject.world.trouble('a');
      await subject.clock.flush();
      subject.sink.accept();
      await subject.clock.advance(1000);
      await subject.world.again('a');
      await settle(subject);
      const times = subject.sink.events.flatMap((one) => (one.kind === 'observed' ? [Date.parse(one.occurredAt)] : []));
      assert.ok(times.length > 0);
      assert.deepEqual(
        times,
        times.toSorted((one, other) => one - other),
      );
    },
  },
];

/** Every promise of `EventSource`. */
export const eventSourceContract: ContractSuite<EventSourceSubject> = {
  name: 'EventSource',
  cases: [...lifeCases, ...tellingCases, ...restartCases, ...laterTermCases, ...refusalCases],
};
