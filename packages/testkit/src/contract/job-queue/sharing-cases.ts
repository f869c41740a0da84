import assert from 'node:assert/strict';
import { isAppError } from '@dogwatch/core';
import type { JobKind } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import { until, type JobQueueSubject } from './job-queue-subject.js';

const kind: JobKind = { name: 'wake-up' };
const id = 'run/k3m9x2';

/** A door that jobs wait at until a test opens it. */
function door(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

/** What jobs of one id, one kind and one key have to do with each other. */
export const sharingCases: readonly ContractCase<JobQueueSubject>[] = [
  {
    name: 'makes one job of requests with one id that are due',
    async run(subject) {
      const seen: unknown[] = [];
      for (const number of [1, 2, 3]) await subject.queue.add(kind, { id, payload: { number } });
      await subject.queue.add(kind, { id: 'another', payload: { number: 4 } });
      subject.queue.work(kind, { run: (job) => void seen.push(job.payload['number']) });
      await subject.open();
      await until(subject, () => seen.length >= 2, 'two jobs ran');
      await subject.pass(300);
      assert.deepEqual(seen.sort(), [1, 4]);
    },
  },
  {
    name: 'replaces a job that waits for its time, payload and delay',
    async run(subject) {
      const seen: unknown[] = [];
      subject.queue.work(kind, { run: (job) => void seen.push(job.payload['number']) });
      await subject.open();
      await subject.queue.add(kind, { id, payload: { number: 1 }, delayMs: 600 });
      await subject.queue.add(kind, { id, payload: { number: 2 }, delayMs: 60_000 });
      await subject.pass(900);
      assert.deepEqual(seen, []);
      await subject.queue.add(kind, { id, payload: { number: 3 } });
      await until(subject, () => seen.length > 0, 'the newest ran');
      await subject.pass(300);
      assert.deepEqual(seen, [3]);
    },
  },
  {
    name: 'runs the newest of the requests that come during the work, after it and never beside it',
    async run(subject) {
      const seen: unknown[] = [];
      const first = door();
      let atWork = 0;
      let mostAtWork = 0;
      subject.queue.work(kind, {
        concurrency: 3,
        async run(job) {
          seen.push(job.payload['number']);
          mostAtWork = Math.max(mostAtWork, ++atWork);
          if (seen.length === 1) await first.opened;
          atWork--;
        },
      });
      await subject.open();
      await subject.queue.add(kind, { id, payload: { number: 1 } });
      await until(subject, () => seen.length === 1, 'the first is at work');
      await subject.queue.add(kind, { id, payload: { number: 2 } });
      await subject.queue.add(kind, { id, payload: { number: 3 } });
      await subject.pass(300);
      assert.deepEqual(seen, [1]);
      first.open();
      await until(subject, () => seen.length > 1, 'the newest ran');
      await subject.pass(300);
      assert.deepEqual(seen, [1, 3]);
      assert.equal(mostAtWork, 1);
    },
  },
  {
    name: 'takes an id again once its job has ended, well or badly',
    async run(subject) {
      const seen: unknown[] = [];
      subject.queue.work(kind, {
        run(job) {
          seen.push(job.payload['number']);
          if (job.payload['number'] === 2) throw new Error('badly');
        },
      });
      await subject.open();
      for (const number of [1, 2, 3]) {
        await subject.queue.add(kind, { id, payload: { number } });
        await until(subject, () => seen.length === number, `number ${number} ran`);
        await subject.pass(100);
      }
      assert.deepEqual(seen, [1, 2, 3]);
    },
  },
  {
    name: 'runs as many jobs at once as the worker allows, and no more',
    async run(subject) {
      const all = door();
      let started = 0;
      let atWork = 0;
      let mostAtWork = 0;
      subject.queue.work(kind, {
        concurrency: 2,
        async run() {
          started++;
          mostAtWork = Math.max(mostAtWork, ++atWork);
          await all.opened;
          atWork--;
        },
      });
      await subject.open();
      for (let number = 0; number < 5; number++) await subject.queue.add(kind, { payload: { number } });
      await until(subject, () => started === 2, 'two are at work');
      await subject.pass(300);
      assert.equal(started, 2);
      all.open();
      await until(subject, () => started === 5, 'all ran');
      assert.equal(mostAtWork, 2);
    },
  },
  {
    name: 'starts no more jobs of one key than its limit allows, and holds up no other key',
    async run(subject) {
      const limited: JobKind = { name: 'wake-up', rateLimit: { max: 2, perMs: 800 } };
      const startedAt: Record<string, number[]> = { slow: [], other: [] };
      subject.queue.work(limited, { run: (job) => void startedAt[String(job.payload['key'])]?.push(subject.now()) });
      for (const key of ['slow', 'slow', 'slow', 'slow', 'slow', 'other']) {
        await subject.queue.add(limited, { payload: { key }, rateKey: key });
      }
      await subject.open();
      const { slow, other } = startedAt as { slow: number[]; other: number[] };
      await until(subject, () => other.length === 1, 'the other key ran');
      assert.ok(slow.length <= 2, `the other key waited for ${slow.length} of the slow one`);
      await until(subject, () => slow.length === 5, 'all of the slow key ran');
      for (let index = 2; index < slow.length; index++) {
        const apart = (slow[index] as number) - (slow[index - 2] as number);
        assert.ok(apart >= 780, `three started within ${apart} ms`);
      }
    },
  },
  {
    name: 'says that it is shared, and lets another replica do what is added here',
    needs: 'shared',
    async run({ other, ...subject }) {
      assert.ok(other, "a harness with the capability 'shared' must give a subject with other");
      assert.equal(subject.queue.isShared, true);
      const seen: unknown[] = [];
      other.work(kind, { run: (job) => void seen.push(job.payload['number']) });
      await subject.queue.add(kind, { id, payload: { number: 1 } });
      await until(subject, () => seen.length > 0, 'the other one ran it');
      assert.deepEqual(seen, [1]);
    },
  },
  {
    name: 'waits for the work at hand when it closes, and starts and takes nothing after',
    async run(subject) {
      const first = door();
      const seen: string[] = [];
      subject.queue.work(kind, {
        async run(job, signal) {
          seen.push(`begun ${job.id}`);
          await first.opened;
          seen.push(`ended ${job.id}, ${signal.aborted ? 'aborted' : 'in peace'}`);
        },
      });
      await subject.open();
      await subject.queue.add(kind, { id: 'one', payload: {} });
      await subject.queue.add(kind, { id: 'two', payload: {} });
      await until(subject, () => seen.length === 1, 'the first is at work');
      const closing = subject.queue.close().then(() => seen.push('closed'));
      await subject.pass(100);
      assert.deepEqual(seen, ['begun one']);
      first.open();
      await until(subject, () => seen.includes('closed'), 'it has closed');
      await closing;
      await subject.queue.close();
      const error: unknown = await subject.queue.add(kind, { payload: {} }).catch((thrown: unknown) => thrown);
      assert.ok(isAppError(error) && error.code === 'DW_JOB_QUEUE_UNAVAILABLE' && error.isRetryable);
      await subject.pass(300);
      assert.deepEqual(seen, ['begun one', 'ended one, in peace', 'closed']);
    },
  },
];
