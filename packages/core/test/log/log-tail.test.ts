import assert from 'node:assert/strict';
import { IncidentLog, LogTail, MemoryIncidentLog, SYSTEM_ACTOR, logTail, memoryStore } from '@dogwatch/core';
import type { HostedService, StoredEvent } from '@dogwatch/core';
import { ManualClock, RecordingLogger } from '@dogwatch/testkit';
import { PollingLogTail } from '../../dist/log/polling-log-tail.js';

interface Bench {
  readonly log: MemoryIncidentLog;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly tail: PollingLogTail;
  readonly stop: AbortController;
  append(count: number): Promise<void>;
  /** Subscribes and answers the numbers of the events that were told, and the sizes of the batches. */
  follow(afterPosition: number | 'now', before?: () => void): { seen: unknown[]; batches: number[]; end: () => void };
}

function setUp(): Bench {
  const [log, clock, logger] = [new MemoryIncidentLog(), new ManualClock(), new RecordingLogger()];
  const tail = new PollingLogTail(log, clock, logger);
  let n = 0;
  return {
    log,
    clock,
    logger,
    tail,
    stop: new AbortController(),
    async append(count) {
      const at = '2026-01-01T00:00:00.000Z';
      const events = Array.from({ length: count }, () => ({
        type: 'comment',
        schemaVersion: 1,
        at,
        actor: SYSTEM_ACTOR,
        data: { n: ++n },
      }));
      await log.append({ appends: [{ stream: 'incident/a', expectedVersion: 'any', events }] });
    },
    follow(afterPosition, before) {
      const [seen, batches]: [unknown[], number[]] = [[], []];
      const handle = async (events: readonly StoredEvent[]): Promise<void> => {
        batches.push(events.length);
        before?.();
        seen.push(...events.map((event) => event.data['n']));
      };
      return { seen, batches, end: tail.subscribe({ name: 'test', afterPosition, handle }) };
    },
  };
}

describe('PollingLogTail', () => {
  it('tells every event after a position once and in order, in batches of at most 1,000', async () => {
    const { tail, clock, stop, append, follow } = setUp();
    await append(2_500);
    const { seen, batches } = follow(100);
    await tail.start(stop.signal);
    await clock.flush();
    await append(2);
    await clock.advance(5_000);
    assert.deepEqual(
      seen,
      Array.from({ length: 2_402 }, (_, index) => index + 101),
    );
    assert.ok(Math.max(...batches) <= 1_000);
  });

  it("takes 'now' for the end of the log at the start, or at a later subscription", async () => {
    const { tail, clock, stop, append, follow } = setUp();
    const early = follow('now');
    await append(2);
    await tail.start(stop.signal);
    await append(1);
    await clock.flush();
    const late = follow('now');
    await append(1);
    await clock.flush();
    assert.deepEqual(early.seen, [3, 4]);
    assert.deepEqual(late.seen, [4]);
  });

  it('finds by looking once a second what nobody hinted at', async () => {
    const { log, tail, clock, stop, append, follow } = setUp();
    log.onAppend = () => () => undefined;
    const { seen } = follow(0);
    await tail.start(stop.signal);
    await append(1);
    await clock.advance(999);
    assert.deepEqual(seen, []);
    await clock.advance(1);
    assert.deepEqual(seen, [1]);
  });

  it('tells the same events again after growing pauses when a handler fails, and logs the outage once', async () => {
    const { tail, clock, logger, stop, append, follow } = setUp();
    let failures = 3;
    const { seen, batches } = follow(0, () => {
      if (failures-- > 0) throw new Error('not now');
    });
    await append(2);
    await tail.start(stop.signal);
    await clock.flush();
    assert.equal(batches.length, 1);
    await clock.advance(1_000);
    await clock.advance(1_999);
    assert.equal(batches.length, 2);
    await clock.advance(10_000);
    assert.deepEqual(seen, [1, 2]);
    assert.equal(logger.linesOf('log_tail_failed').length, 1);
    assert.equal(logger.linesOf('log_tail_recovered').length, 1);
    failures = 1;
    await append(1);
    await clock.advance(5_000);
    assert.equal(logger.linesOf('log_tail_failed').length, 2);
    assert.deepEqual(seen, [1, 2, 3]);
  });

  it('goes on when the log answers again', async () => {
    const { log, tail, clock, stop, append, follow } = setUp();
    const { seen } = follow(0);
    await tail.start(stop.signal);
    const readAll = log.readAll.bind(log);
    log.readAll = () => Promise.reject(new Error('disk'));
    await append(1);
    await clock.advance(3_000);
    log.readAll = readAll;
    await clock.advance(30_000);
    assert.deepEqual(seen, [1]);
  });

  it('does not let a slow subscriber hold up another one', async () => {
    const { tail, clock, stop, append, follow } = setUp();
    tail.subscribe({ name: 'slow', afterPosition: 0, handle: () => new Promise(() => undefined) });
    const { seen } = follow(0);
    await tail.start(stop.signal);
    await append(1);
    await clock.flush();
    await append(1);
    await clock.flush();
    assert.deepEqual(seen, [1, 2]);
  });

  it('tells nothing after the end of a subscription', async () => {
    const { tail, clock, stop, append, follow } = setUp();
    const { seen, end } = follow(0);
    await tail.start(stop.signal);
    end();
    await append(1);
    await clock.advance(2_000);
    assert.deepEqual(seen, []);
  });

  it('stops when what is being handled is done, and leaves no timer', async () => {
    const { tail, clock, stop, append } = setUp();
    let finish = (): void => undefined;
    let calls = 0;
    tail.subscribe({
      name: 'slow',
      afterPosition: 0,
      handle: () => new Promise<void>((resolve) => ((finish = resolve), calls++)),
    });
    await append(1);
    await tail.start(stop.signal);
    await clock.flush();
    let stopped = false;
    const stopping = tail.stop().then(() => (stopped = true));
    await clock.flush();
    assert.equal(stopped, false);
    finish();
    await stopping;
    await append(1);
    await clock.advance(2_000);
    assert.equal(calls, 1);
    assert.equal(clock.pendingTimers, 0);
  });

  it('stops at once while it waits to try again', async () => {
    const { tail, clock, stop, append, follow } = setUp();
    follow(0, () => {
      throw new Error('never');
    });
    await append(1);
    await tail.start(stop.signal);
    await clock.flush();
    await tail.stop();
    assert.equal(clock.pendingTimers, 0);
  });
});

describe('logTail', () => {
  it('provides a LogTail that is a hosted service', () => {
    const plugin = logTail();
    const bound: unknown[] = [];
    const contributed: unknown[] = [];
    plugin.register({
      bind: (port) => ({ toClass: (one) => void bound.push([port, one]), toValue: () => undefined }),
      contribute: () => ({ class: (one) => void contributed.push(one), value: () => undefined }),
    });
    assert.deepEqual(bound, [[LogTail, PollingLogTail]]);
    assert.deepEqual(contributed, [PollingLogTail]);
    const service: HostedService = new PollingLogTail(
      new MemoryIncidentLog(),
      new ManualClock(),
      new RecordingLogger(),
    );
    assert.equal(service.name, 'LogTail');
    assert.ok(plugin.requires.includes(IncidentLog));
    assert.ok(memoryStore().provides.includes(IncidentLog));
  });
});
