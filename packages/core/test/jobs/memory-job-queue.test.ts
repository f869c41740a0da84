import assert from 'node:assert/strict';
import { createApp, JobQueue, jobs, MemoryJobQueue } from '@dogwatch/core';
import { ManualClock, RecordingLogger, RecordingMetrics } from '@dogwatch/testkit';

const kind = { name: 'wake-up', attempts: 2, backoff: { firstMs: 100, maxMs: 100 } };

function lab() {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const metrics = new RecordingMetrics();
  return { clock, logger, metrics, queue: new MemoryJobQueue(clock, logger, metrics) };
}

describe('the queue of jobs in the process', () => {
  it('tells how attempts end, in the log and in a metric', async () => {
    const { clock, logger, metrics, queue } = lab();
    queue.work(kind, {
      run() {
        throw new Error('no way');
      },
    });
    queue.open();
    await queue.add(kind, { id: 'run/1', payload: {} });
    await clock.advance(1_000);
    const name = 'dogwatch_jobs_total';
    assert.equal(metrics.value(name, { job: 'wake-up', outcome: 'retry' }), 1);
    assert.equal(metrics.value(name, { job: 'wake-up', outcome: 'given-up' }), 1);
    assert.equal(logger.linesOf('job_given_up')[0]?.fields['job_id'], 'run/1');
    assert.equal(clock.pendingTimers, 0);
  });

  it('aborts work that does not end by itself, and does not wait for it for ever', async () => {
    const { clock, queue } = lab();
    let reason: unknown = null;
    queue.work(kind, {
      run: (_job, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
            resolve();
          });
        }),
    });
    queue.open();
    await queue.add(kind, { payload: {} });
    await clock.flush();
    let isClosed = false;
    const closing = queue.close().then(() => (isClosed = true));
    await clock.advance(3_900);
    assert.equal(isClosed, false);
    await clock.advance(200);
    await closing;
    assert.match(String(reason), /closes/);
  });

  it('forgets the keys of a limit once they are quiet', async () => {
    const { clock, queue } = lab();
    const limited = { name: 'limited', rateLimit: { max: 1, perMs: 1_000 } };
    let runs = 0;
    queue.work(limited, { concurrency: 10, run: () => void runs++ });
    queue.open();
    for (let round = 1; round <= 3; round++) {
      for (let key = 0; key < 5; key++) await queue.add(limited, { payload: {}, rateKey: `room-${key}` });
      await clock.advance(1_000);
      assert.equal(runs, 5 * round);
    }
  });

  it('comes with a plugin that opens and closes it with the app', async () => {
    const clock = new ManualClock();
    const app = createApp({ plugins: [jobs()], core: { clock, logger: new RecordingLogger() } });
    const queue = app.get(JobQueue);
    let runs = 0;
    queue.work(kind, { run: () => void runs++ });
    await queue.add(kind, { payload: {} });
    await clock.flush();
    assert.equal(runs, 0);
    await app.start();
    await clock.flush();
    assert.equal(runs, 1);
    await app.stop();
    await assert.rejects(queue.add(kind, { payload: {} }), { code: 'DW_JOB_QUEUE_UNAVAILABLE' });
  });
});
