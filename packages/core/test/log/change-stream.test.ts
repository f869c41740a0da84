import assert from 'node:assert/strict';
import { MemoryIncidentLog, SYSTEM_ACTOR, changeStream, createUpcaster, isAppError, readFolded } from '@dogwatch/core';
import type { AppendBatch, AppendResult, IncidentLog, NewEvent, StreamFold, SummaryWrite } from '@dogwatch/core';

const at = '2026-01-01T00:00:00.000Z';

function added(amount: number, schemaVersion = 1): NewEvent {
  return { type: 'added', schemaVersion, at, actor: SYSTEM_ACTOR, data: { amount } };
}

function summary(id: string, overrides: Partial<SummaryWrite> = {}): SummaryWrite {
  return {
    kind: 'incident',
    id,
    stream: 's',
    open: true,
    key: null,
    namespace: null,
    at,
    data: {},
    isNew: true,
    ...overrides,
  };
}

const sum: StreamFold<number> = { initial: 0, apply: (state, event) => state + Number(event.data['amount']) };

function code(expected: string): (error: unknown) => boolean {
  return (error) => isAppError(error) && error.code === expected;
}

/** Always loses the race. */
function contendedLog(): { log: IncidentLog; tries: () => number } {
  const log = new MemoryIncidentLog();
  let tries = 0;
  log.append = async (batch: AppendBatch): Promise<AppendResult> => {
    tries += 1;
    const stream = batch.appends[0]?.stream ?? '';
    return { ok: false, reason: 'version-conflict', stream, actualVersion: 1 };
  };
  return { log, tries: () => tries };
}

describe('changeStream', () => {
  it('decides on the folded state and its version', async () => {
    const log = new MemoryIncidentLog();
    await log.append({ appends: [{ stream: 's', expectedVersion: 0, events: [added(2), added(3)] }] });
    const seen = await changeStream(log, {
      stream: 's',
      fold: sum,
      decide: (state, version) => ({ events: [added(10)], result: [state, version] }),
    });
    assert.deepEqual(seen, [5, 2]);
    assert.deepEqual(await readFolded(log, 's', sum), { state: 15, version: 3 });
  });

  it('lets every one of 50 concurrent changes decide on the state that the others left', async () => {
    const log = new MemoryIncidentLog();
    const results = await Promise.all(
      Array.from({ length: 50 }, () =>
        changeStream(log, {
          stream: 's',
          fold: sum,
          decide: (state) => (state >= 20 ? { result: false } : { events: [added(1)], result: true }),
        }),
      ),
    );
    assert.equal(results.filter((won) => won).length, 20);
    assert.deepEqual(await readFolded(log, 's', sum), { state: 20, version: 20 });
  });

  it('appends nothing when nothing was decided', async () => {
    const log = new MemoryIncidentLog();
    assert.equal(await changeStream(log, { stream: 's', fold: sum, decide: () => ({ result: 'no' }) }), 'no');
    assert.equal(await log.lastPosition(), 0);
  });

  it('decides again when a new id is taken', async () => {
    const log = new MemoryIncidentLog();
    await log.append({
      appends: [{ stream: 'x', expectedVersion: 0, events: [added(1)] }],
      summaries: [summary('aaaaaa')],
    });
    const ids = ['aaaaaa', 'bbbbbb'];
    const id = await changeStream(log, {
      stream: 's',
      fold: sum,
      decide: () => {
        const next = ids.shift() ?? '';
        return { events: [added(1)], summaries: [summary(next)], result: next };
      },
    });
    assert.equal(id, 'bbbbbb');
    assert.equal((await log.readStream('s')).length, 1);
  });

  it('names the open incident when its key is taken', async () => {
    const log = new MemoryIncidentLog();
    await log.append({
      appends: [{ stream: 'x', expectedVersion: 0, events: [added(1)] }],
      summaries: [summary('aaaaaa', { key: 'k' })],
    });
    const change = changeStream(log, {
      stream: 's',
      fold: sum,
      decide: () => ({ events: [added(1)], summaries: [summary('bbbbbb', { key: 'k' })], result: null }),
    });
    await assert.rejects(
      change,
      (error) => code('DW_LOG_KEY_TAKEN')(error) && /'aaaaaa'/.test((error as Error).message),
    );
  });

  it('gives up after 200 lost races with a retryable error', async () => {
    const { log, tries } = contendedLog();
    const change = changeStream(log, { stream: 's', fold: sum, decide: () => ({ events: [added(1)], result: null }) });
    await assert.rejects(
      change,
      (error) => code('DW_LOG_CONTENTION')(error) && (error as { isRetryable?: boolean }).isRetryable === true,
    );
    assert.equal(tries(), 200);
  });

  it('applies events in their newest schema version', async () => {
    const log = new MemoryIncidentLog();
    const old: NewEvent = { ...added(0), data: { value: 4 } };
    await log.append({ appends: [{ stream: 's', expectedVersion: 0, events: [old, added(3, 2)] }] });
    const upcast = createUpcaster([
      { type: 'added', fromVersion: 1, upcast: (data) => ({ amount: data['value'] ?? 0 }) },
    ]);
    assert.equal((await readFolded(log, 's', { ...sum, upcast })).state, 7);
  });
});
