import { MemoryJobQueue } from '@dogwatch/core';
import {
  jobQueueContract,
  ManualClock,
  proveCasesCanFail,
  RecordingLogger,
  RecordingMetrics,
  runContract,
  type BrokenImplementation,
  type JobQueueSubject,
} from '@dogwatch/testkit';
import { BentJobQueue, type Bend } from './bent-job-queue.js';

function subject(bend: Bend = {}): JobQueueSubject & { readonly inner: MemoryJobQueue } {
  const clock = new ManualClock();
  const inner = new MemoryJobQueue(clock, new RecordingLogger(), new RecordingMetrics());
  return {
    inner,
    queue: new BentJobQueue(inner, bend),
    open: async () => inner.open(),
    now: () => clock.now(),
    pass: (ms) => clock.advance(ms),
  };
}

runContract(jobQueueContract, 'MemoryJobQueue', {
  harness: {
    create: () => {
      const { inner, ...rest } = subject();
      return { ...rest, queue: inner };
    },
  },
});

function wrong(name: string, bend: Bend, fails: readonly string[]): BrokenImplementation<JobQueueSubject> {
  return { name, harness: { create: () => subject(bend) }, fails };
}

const handsOver = 'hands a job over once, as it was when it was added';
const delayed = 'starts a delayed job when its time has come and not before';
const again = 'tries a failing job again, each time after a longer while, and tells the last attempt';
const asked = 'waits as long as an error asks for';
const gaveUp = 'gives a job up at once when its error says that trying again is of no use';
const oneOfDue = 'makes one job of requests with one id that are due';
const replaced = 'replaces a job that waits for its time, payload and delay';
const newest = 'runs the newest of the requests that come during the work, after it and never beside it';
const closes = 'waits for the work at hand when it closes, and starts and takes nothing after';

const workers = new WeakSet<object>();

proveCasesCanFail(jobQueueContract, [
  wrong(
    'runs every job twice',
    {
      worker: ({ run, ...rest }) => ({
        ...rest,
        async run(job, signal) {
          await run(job, signal);
          await run(job, signal);
        },
      }),
    },
    [handsOver],
  ),
  wrong(
    'loses what nobody works on yet',
    {
      add: async (queue, kind, request) => (workers.has(queue) ? queue.add(kind, request) : undefined),
      work: (queue, kind, worker) => {
        workers.add(queue);
        queue.work(kind, worker);
      },
    },
    ['keeps jobs until somebody works on their kind, and starts none before the app is open'],
  ),
  wrong('has one queue for every kind', { kind: (kind) => ({ ...kind, name: 'wake-up' }) }, ['keeps kinds apart']),
  wrong('starts delayed jobs at once', { request: ({ delayMs: _, ...request }) => request }, [delayed, replaced]),
  wrong('tries once', { kind: ({ attempts: _, ...kind }) => kind }, [again, asked]),
  wrong('tries again at once', { kind: (kind) => ({ ...kind, backoff: { firstMs: 0, maxMs: 0 } }) }, [again]),
  wrong('does not understand errors', { worker: plainErrors }, [asked, gaveUp]),
  wrong(
    'ends its worker at the first failure',
    {
      worker: ({ run, ...rest }) => {
        let hasFailed = false;
        return {
          ...rest,
          async run(job, signal) {
            if (hasFailed) return;
            try {
              await run(job, signal);
            } catch (error) {
              hasFailed = true;
              throw error;
            }
          },
        };
      },
    },
    ['goes on with the next job after one that fails, whatever it throws', again],
  ),
  wrong('takes anything', { add: (queue, kind, request) => queue.add(kind, request).catch(() => undefined) }, [
    'refuses malformed jobs',
    closes,
  ]),
  wrong(
    'lets the last worker win',
    {
      work: (queue, kind, worker) => {
        if (workers.has(queue)) return;
        workers.add(queue);
        queue.work(kind, worker);
      },
    },
    ['refuses a second worker of a kind'],
  ),
  wrong('ignores ids', { request: ({ id: _, ...request }) => request }, [oneOfDue, replaced, newest]),
  wrong('remembers ids for ever', { add: onceForEver() }, [
    'takes an id again once its job has ended, well or badly',
    replaced,
    newest,
  ]),
  wrong('does one job at a time', { worker: (worker) => ({ ...worker, concurrency: 1 }) }, [
    'runs as many jobs at once as the worker allows, and no more',
  ]),
  wrong('does all jobs at once', { worker: (worker) => ({ ...worker, concurrency: 100 }) }, [
    'runs as many jobs at once as the worker allows, and no more',
  ]),
  wrong('knows no limit', { kind: ({ rateLimit: _, ...kind }) => kind }, [
    'starts no more jobs of one key than its limit allows, and holds up no other key',
  ]),
  wrong('has one limit for all keys', { request: ({ rateKey: _, ...request }) => request }, [
    'starts no more jobs of one key than its limit allows, and holds up no other key',
  ]),
  {
    name: 'says that it is shared and keeps its jobs to itself',
    harness: { create: pretender, capabilities: ['shared'] },
    fails: ['says that it is shared, and lets another replica do what is added here'],
  },
  wrong(
    'closes without waiting',
    {
      close: async (queue) => {
        void queue.close();
        return Promise.resolve();
      },
    },
    [closes],
  ),
]);

function pretender(): JobQueueSubject {
  const { inner, ...mine } = subject();
  const other = subject().inner;
  other.open();
  return { ...mine, queue: Object.assign(inner, { isShared: true }), other };
}

function plainErrors(worker: Parameters<JobQueueSubject['queue']['work']>[1]): typeof worker {
  return {
    ...worker,
    async run(job, signal) {
      const run = async (): Promise<void> => worker.run(job, signal);
      const error: unknown = await run().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (error !== null) throw new Error('something failed');
    },
  };
}

function onceForEver(): NonNullable<Bend['add']> {
  const known = new WeakMap<object, Set<string>>();
  return async (queue, kind, request) => {
    const ids = known.get(queue) ?? new Set<string>();
    known.set(queue, ids);
    if (request.id !== undefined && ids.has(request.id)) return;
    ids.add(request.id ?? '');
    await queue.add(kind, request);
  };
}
