import assert from 'node:assert/strict';
import { AppError, isAppError } from '@dogwatch/core';
import type { Job, JobKind, JobRequest } from '@dogwatch/core';
import type { ContractCase } from '../contract-suite.js';
import { until, type JobQueueSubject } from './job-queue-subject.js';

const kind: JobKind = { name: 'wake-up' };
const retried: JobKind = { name: 'wake-up', attempts: 3, backoff: { firstMs: 200, maxMs: 300 } };
const payload = { incident: 'k3m9x2' };

async function refuses(act: () => Promise<unknown>): Promise<void> {
  const error: unknown = await act().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(isAppError(error) && error.code === 'DW_JOB_INVALID', `it was ${String(error)}`);
}

/** What happens to one job. */
export const runningCases: readonly ContractCase<JobQueueSubject>[] = [
  {
    name: 'hands a job over once, as it was when it was added',
    async run(subject) {
      const seen: Job[] = [];
      subject.queue.work(kind, { run: (job) => void seen.push(job) });
      await subject.open();
      const request = { id: 'run/k3m9x2 ü', payload: { deep: [1, null, { 'a b': 'ü\n' }], flag: true } };
      const before = structuredClone(request.payload);
      await subject.queue.add(kind, request);
      request.payload.flag = false;
      await until(subject, () => seen.length > 0, 'the job was handed over');
      await subject.pass(200);
      assert.deepEqual(seen, [{ id: 'run/k3m9x2 ü', payload: before, attempt: 1, isLastAttempt: true }]);
    },
  },
  {
    name: 'keeps jobs until somebody works on their kind, and starts none before the app is open',
    async run(subject) {
      const seen: string[] = [];
      await subject.queue.add(kind, { payload: { number: 1 } });
      subject.queue.work(kind, { run: ({ payload: { number } }) => void seen.push(String(number)) });
      await subject.queue.add(kind, { payload: { number: 2 } });
      await subject.pass(200);
      assert.deepEqual(seen, []);
      await subject.open();
      await until(subject, () => seen.length === 2, 'both jobs ran');
      assert.deepEqual(seen.sort(), ['1', '2']);
    },
  },
  {
    name: 'keeps kinds apart',
    async run(subject) {
      const seen: string[] = [];
      for (const name of ['one', 'two']) subject.queue.work({ name }, { run: () => void seen.push(name) });
      await subject.open();
      await subject.queue.add({ name: 'two' }, { payload });
      await until(subject, () => seen.length > 0, 'the job ran');
      await subject.pass(200);
      assert.deepEqual(seen, ['two']);
    },
  },
  {
    name: 'starts a delayed job when its time has come and not before',
    async run(subject) {
      const startedAt: number[] = [];
      subject.queue.work(kind, { run: () => void startedAt.push(subject.now()) });
      await subject.open();
      const addedAt = subject.now();
      await subject.queue.add(kind, { payload, delayMs: 400 });
      await until(subject, () => startedAt.length > 0, 'the job ran');
      const waited = (startedAt[0] as number) - addedAt;
      assert.ok(waited >= 395, `it waited ${waited} ms`);
    },
  },
  {
    name: 'tries a failing job again, each time after a longer while, and tells the last attempt',
    async run(subject) {
      const seen: { readonly at: number; readonly attempt: number; readonly isLastAttempt: boolean }[] = [];
      subject.queue.work(retried, {
        run({ attempt, isLastAttempt }) {
          seen.push({ at: subject.now(), attempt, isLastAttempt });
          throw new Error('the outside world fails');
        },
      });
      await subject.open();
      await subject.queue.add(retried, { payload });
      await until(subject, () => seen.length === 3, 'it was tried three times');
      await subject.pass(800);
      assert.deepEqual(
        seen.map(({ attempt, isLastAttempt }) => [attempt, isLastAttempt]),
        [
          [1, false],
          [2, false],
          [3, true],
        ],
      );
      const [first, second, third] = seen.map(({ at }) => at) as [number, number, number];
      assert.ok(second - first >= 195, `the first wait was ${second - first} ms`);
      assert.ok(third - second >= 295, `the second wait was ${third - second} ms`);
    },
  },
  {
    name: 'waits as long as an error asks for',
    async run(subject) {
      const startedAt: number[] = [];
      subject.queue.work(retried, {
        run() {
          startedAt.push(subject.now());
          if (startedAt.length === 1) {
            throw new AppError('DW_LOG_UNAVAILABLE', 'later', { isRetryable: true, retryAfterMs: 600 });
          }
        },
      });
      await subject.open();
      await subject.queue.add(retried, { payload });
      await until(subject, () => startedAt.length === 2, 'it was tried again');
      const waited = (startedAt[1] as number) - (startedAt[0] as number);
      assert.ok(waited >= 595, `it waited ${waited} ms`);
    },
  },
  {
    name: 'gives a job up at once when its error says that trying again is of no use',
    async run(subject) {
      let tries = 0;
      subject.queue.work(retried, {
        run() {
          tries++;
          throw new AppError('DW_RUN_UNKNOWN', 'There is no such run.');
        },
      });
      await subject.open();
      await subject.queue.add(retried, { payload });
      await until(subject, () => tries > 0, 'it was tried');
      await subject.pass(600);
      assert.equal(tries, 1);
    },
  },
  {
    name: 'goes on with the next job after one that fails, whatever it throws',
    async run(subject) {
      const seen: unknown[] = [];
      subject.queue.work(kind, {
        async run({ payload: { number } }) {
          seen.push(number);
          await Promise.resolve();
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- what libraries throw is not always an error
          if (number === 1) throw 'a text';
        },
      });
      await subject.open();
      await subject.queue.add(kind, { payload: { number: 1 } });
      await until(subject, () => seen.length === 1, 'the first ran');
      await subject.queue.add(kind, { payload: { number: 2 } });
      await until(subject, () => seen.length === 2, 'the second ran');
    },
  },
  {
    name: 'refuses malformed jobs',
    async run({ queue }) {
      const bad: readonly JobRequest[] = [
        { id: '', payload },
        { id: 'x'.repeat(257), payload },
        { payload, delayMs: -1 },
        { payload, delayMs: 0.5 },
        { payload, rateKey: '' },
        { payload: { at: new Date() } as never },
        { payload: { nothing: undefined } as never },
        { payload: [] as never },
        { payload: null as never },
      ];
      for (const request of bad) await refuses(() => queue.add(kind, request));
      for (const name of ['', 'Wake', 'wake:up', '1st', 'x'.repeat(65)]) {
        await refuses(() => queue.add({ name }, { payload }));
      }
      await refuses(() => queue.add({ name: 'wake-up', attempts: 0 }, { payload }));
      await refuses(() => queue.add({ name: 'wake-up', backoff: { firstMs: 10, maxMs: 5 } }, { payload }));
      await refuses(() => queue.add({ name: 'wake-up', rateLimit: { max: 0, perMs: 5 } }, { payload }));
      await refuses(async () => queue.work(kind, { concurrency: 0, run: () => undefined }));
    },
  },
  {
    name: 'refuses a second worker of a kind',
    run({ queue }) {
      queue.work(kind, { run: () => undefined });
      try {
        queue.work(kind, { run: () => undefined });
      } catch (error) {
        assert.ok(isAppError(error) && error.code === 'DW_JOB_WORKER_TWICE');
        return;
      }
      assert.fail('it took a second one');
    },
  },
];
