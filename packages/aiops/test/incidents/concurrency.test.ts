import assert from 'node:assert/strict';
import { AppError, MemoryIncidentLog, isAppError } from '@dogwatch/core';
import type { AppendBatch, IncidentLog } from '@dogwatch/core';
import { SequenceIds } from '@dogwatch/testkit';
import { assertIncludes } from '../assert-includes.js';
import { PipelineRig, web } from './pipeline-rig.js';

/** A log whose appends a test can hold, fail, or precede with another writer's. */
function controlledLog() {
  const inner = new MemoryIncidentLog();
  const control = {
    inner,
    before: (_batch: AppendBatch): Promise<void> => Promise.resolve(),
    after: (): Promise<void> => Promise.resolve(),
    appends: 0,
  };
  const log: IncidentLog = {
    append: async (batch) => {
      control.appends += 1;
      await control.before(batch);
      const result = await inner.append(batch);
      await control.after();
      return result;
    },
    readStream: (...call) => inner.readStream(...call),
    readAll: (...call) => inner.readAll(...call),
    lastPosition: () => inner.lastPosition(),
    getSummary: (id) => inner.getSummary(id),
    findSummariesByPrefix: (prefix) => inner.findSummariesByPrefix(prefix),
    listSummaries: (query) => inner.listSummaries(query),
    summariesAfter: (options) => inner.summariesAfter(options),
    onAppend: (listener) => inner.onAppend(listener),
    ping: () => inner.ping(),
  };
  return { log, control };
}

const unavailable = (): AppError => new AppError('DW_LOG_UNAVAILABLE', 'The store is away.', { isRetryable: true });

function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

describe('the incident pipeline', () => {
  it('resolves an emit only when the event is durable', async () => {
    const { log, control } = controlledLog();
    const rig = await new PipelineRig({ log }).start();
    const { open, passed } = gate();
    control.before = () => passed;
    let isDone = false;
    const emitted = rig.book.emit(rig.observed()).then(() => {
      isDone = true;
    });
    await rig.clock.flush();
    assert.equal(isDone, false);
    open();
    await emitted;
    assert.equal((await rig.incidents()).length, 1);
  });

  it('coalesces by facet what comes in while a key is busy, and counts every occurrence', async () => {
    const { log, control } = controlledLog();
    const rig = await new PipelineRig({ log }).start();
    const { open, passed } = gate();
    control.before = () => passed;
    const emits = [rig.book.emit(rig.observed({ occurrence: 'first' }))];
    await rig.clock.flush();
    for (let index = 0; index < 1_000; index++) {
      emits.push(rig.book.emit(rig.observed({ facet: 'oom_killed', occurrence: `o${index % 100}` })));
    }
    const before = control.appends;
    open();
    await Promise.all(emits);
    await rig.clock.flush();
    assert.equal((await rig.only()).problems[1]?.count, 100);
    const observations = (await rig.types()).filter((type) => type === 'problem-observed');
    assert.equal(observations.length, 2);
    assert.ok(control.appends - before < 5);
  });

  it('keeps an old observation that waits behind a clearing from raising its facet', async () => {
    const { log, control } = controlledLog();
    const rig = await new PipelineRig({ log }).start();
    const { open, passed } = gate();
    control.before = () => passed;
    const crash = rig.observed({ occurrence: 'a' });
    const emits = [rig.book.emit(rig.observed({ facet: 'oom_killed' }))];
    await rig.clock.flush();
    await rig.clock.advance(60_000);
    emits.push(rig.book.emit(crash), rig.book.emit(rig.cleared()), rig.book.emit(crash));
    open();
    await Promise.all(emits);
    assertIncludes((await rig.only()).problems[1], { eventType: 'crash_loop', active: false, count: 1 });
  });

  it('works on different keys side by side', async () => {
    const { log, control } = controlledLog();
    const rig = await new PipelineRig({ log }).start();
    const { open, passed } = gate();
    control.before = (batch) => (JSON.stringify(batch).includes('"slow"') ? passed : Promise.resolve());
    const slow = rig.book.emit(rig.observed({ resource: { ...web, name: 'slow' } }));
    await rig.book.emit(rig.observed({ resource: { ...web, name: 'fast' } }));
    assert.equal((await rig.only()).resource.name, 'fast');
    open();
    await slow;
  });

  it('rejects with a retryable error while the store is away, and takes the event afterwards', async () => {
    const { log, control } = controlledLog();
    const rig = await new PipelineRig({ log }).start();
    control.before = () => Promise.reject(unavailable());
    const event = rig.observed();
    await assert.rejects(rig.book.emit(event), (error) => isAppError(error) && error.isRetryable);
    assert.equal(rig.pipeline.check().status, 'degraded');
    control.before = () => Promise.resolve();
    await rig.emit(event);
    assert.equal((await rig.incidents()).length, 1);
    assert.equal(rig.pipeline.check().status, 'ok');
  });

  it('doubles nothing when an append failed although it had happened', async () => {
    const { log, control } = controlledLog();
    const rig = await new PipelineRig({ log }).start();
    control.after = () => Promise.reject(unavailable());
    const event = rig.observed();
    await assert.rejects(rig.book.emit(event));
    control.after = () => Promise.resolve();
    await rig.emit(event);
    const incident = await rig.only();
    assert.equal(incident.problems[0]?.count, 1);
    assert.deepEqual(await rig.types(), ['opened', 'problem-observed', 'rule-matched']);
  });

  it('still knows what is open while the store is away', async () => {
    const { log, control } = controlledLog();
    const rig = await new PipelineRig({ log }).start();
    await rig.emit(rig.observed());
    control.before = () => Promise.reject(unavailable());
    await assert.rejects(rig.book.emit(rig.observed({ facet: 'oom_killed' })));
    assert.equal(rig.book.activeFacets('watch').length, 1);
  });

  it('decides again when runs write into the same stream', async () => {
    const { log, control } = controlledLog();
    const rig = await new PipelineRig({ log }).start();
    await rig.emit(rig.observed());
    const { id } = await rig.only();
    await rig.appendRunEvent(id, 'run-planned', { runId: 'r1' });
    await rig.emit(rig.cleared());
    assert.deepEqual((await rig.types()).slice(-3), ['run-planned', 'problem-cleared', 'resolved']);
    assert.ok(control.appends > 0);
  });

  it('folds the incident that another process opened meanwhile', async () => {
    const first = await new PipelineRig().start();
    const ids = new SequenceIds(100);
    const second = await new PipelineRig({ log: first.log, clock: first.clock, ids }).start();
    await Promise.all([first.book.emit(first.observed()), second.book.emit(second.observed({ facet: 'oom_killed' }))]);
    const incident = await first.only();
    assert.equal(incident.problems.length, 2);
  });

  it('takes another id when its own is taken', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    const next = await new PipelineRig({ log: rig.log, clock: rig.clock, ids: new SequenceIds() }).start();
    await next.emit(next.observed({ resource: { ...web, name: 'other' } }));
    assert.deepEqual((await rig.incidents()).map((incident) => incident.id).sort(), ['222222', '322222']);
  });

  it('takes nothing any more once it has stopped', async () => {
    const rig = await new PipelineRig().start();
    await rig.stop();
    assert.ok(rig.source.isStopped);
    await assert.rejects(rig.book.emit(rig.observed()), (error) => isAppError(error) && error.isRetryable);
  });
});
