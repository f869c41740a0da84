import assert from 'node:assert/strict';
import { AppState, createApp, definePlugin, HostedService, isAppError } from '@dogwatch/core';
import type { App, AppError, StartProgress } from '@dogwatch/core';
import { ManualClock } from '@dogwatch/testkit';
import { caught } from '../fixtures/caught.js';
import { FiringClock, quietCore } from '../fixtures/quiet-core.js';

type Steps = Partial<Omit<HostedService, 'name'>>;

class Bench {
  readonly log: string[] = [];
  readonly clock = new FiringClock();
  readonly app: App;

  constructor(services: Readonly<Record<string, Steps>>, drainMs = 0) {
    const plugins = Object.entries(services).map(([id, steps]) =>
      definePlugin({ id, register: ({ contribute }) => contribute(HostedService).value(this.service(id, steps)) })(),
    );
    const deadlines = { startMs: 1, openMs: 2, closeMs: 3, stopMs: 4 };
    this.app = createApp({ plugins, core: quietCore(this.clock), deadlines, drainMs });
  }

  private service(id: string, steps: Steps): HostedService {
    const step =
      (name: 'start' | 'open' | 'close' | 'stop') =>
      (signal?: AbortSignal, progress?: StartProgress): Promise<void> | void => {
        this.log.push(`${name} ${id}`);
        if (name === 'start') signal?.addEventListener('abort', () => this.log.push(`abort ${id}`));
        return steps[name]?.(signal as AbortSignal, progress as StartProgress);
      };
    return { name: 'Service', start: step('start'), open: step('open'), close: step('close'), stop: step('stop') };
  }
}

const hang = (): Promise<void> => new Promise<void>(() => undefined);
const fail = (message: string) => (): never => {
  throw new Error(message);
};
// Lets every promise that can settle do so.
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
async function failures(stop: Promise<void>): Promise<readonly AppError[]> {
  const error: unknown = await stop.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AggregateError, 'stop rejects with an AggregateError');
  assert.ok(error.errors.every(isAppError));
  return error.errors as AppError[];
}

describe('LifeCycle', () => {
  it('starts one by one, opens when all have started, and stops in exact reverse order', async () => {
    const { app, log } = new Bench({ a: { start: settle, stop: settle }, b: { open: settle, close: settle } });
    await app.start();
    assert.deepEqual(log, ['start a', 'start b', 'open a', 'open b']);
    log.length = 0;
    await app.stop();
    assert.deepEqual(log, ['close b', 'close a', 'abort a', 'abort b', 'stop b', 'stop a']);
  });

  it('turns readiness red before anything is closed', async () => {
    const phases: string[] = [];
    const bench: Bench = new Bench({ a: { close: () => void phases.push(bench.app.get(AppState).phase) } });
    await bench.app.start();
    await bench.app.stop();
    assert.deepEqual(phases, ['stopping']);
  });

  it('goes on with everything for a while after readiness turned red, where it is told to', async () => {
    const bench = new Bench({ a: {} }, 5_000);
    await bench.app.start();
    bench.log.length = 0;
    const stopped = bench.app.stop();
    await settle();
    assert.equal(bench.app.get(AppState).phase, 'stopping');
    assert.deepEqual(bench.log, []);
    assert.deepEqual(bench.clock.pendingDelays, [5_000]);
    bench.clock.fireAll();
    await stopped;
    assert.deepEqual(bench.log, ['close a', 'abort a', 'stop a']);
  });

  it('runs services that have only some of the steps', async () => {
    const plugin = definePlugin({
      id: 'bare',
      register: ({ contribute }) => contribute(HostedService).value({ name: 'x' }),
    })();
    const app = createApp({ plugins: [plugin], core: quietCore() });
    await app.start();
    await app.stop();
    assert.equal(app.get(AppState).phase, 'stopping');
  });

  it('stops what had started when a start fails, and says who and why', async () => {
    const { app, log } = new Bench({ a: {}, b: { start: fail('no port') }, c: {} });
    const error = await caught(() => app.start());
    assert.equal(error.code, 'DW_BOOT_START_FAILED');
    assert.match(error.message, /'b\/Service' failed to start: no port/);
    assert.deepEqual(log, ['start a', 'start b', 'abort a', 'abort b', 'stop a']);
    assert.equal(app.get(AppState).phase, 'stopping');
  });

  it('closes what had opened when an open fails, then stops everything', async () => {
    const { app, log } = new Bench({ a: {}, b: { open: fail('in use') } });
    assert.match((await caught(() => app.start())).message, /'b\/Service' failed to open: in use/);
    assert.deepEqual(log.slice(4), ['close a', 'abort a', 'abort b', 'stop b', 'stop a']);
  });

  it('tells what failed to stop after a failed start', async () => {
    const { app } = new Bench({ a: { stop: fail('stuck') }, b: { start: fail('no port') } });
    const error = await caught(() => app.start());
    assert.match(error.details[0]?.message ?? '', /'a\/Service' failed to stop: stuck/);
  });

  it('gives up a start that misses its deadline, and names the service', async () => {
    const { app, log, clock } = new Bench({ a: {}, b: { start: hang } });
    const starting = caught(() => app.start());
    await settle();
    assert.deepEqual(clock.pendingDelays, [1]);
    clock.fireAll();
    const error = await starting;
    assert.match(error.message, /'b\/Service' did not start within 1 ms/);
    assert.deepEqual(log.slice(2), ['abort a', 'abort b', 'stop a']);
  });

  it('waits for a start as long as it reports progress, each time for the whole deadline', async () => {
    const clock = new ManualClock();
    let report = (): void => undefined;
    let finish = (): void => undefined;
    const start = (_: AbortSignal, progress: StartProgress): Promise<void> => {
      report = () => progress.report();
      return new Promise((resolve) => (finish = resolve));
    };
    const appWith = (): App =>
      createApp({
        plugins: [
          definePlugin({
            id: 'slow',
            register: ({ contribute }) => contribute(HostedService).value({ name: 'Service', start }),
          })(),
        ],
        core: quietCore(clock),
        deadlines: { startMs: 30_000 },
      });
    const patient = appWith();
    const started = patient.start();
    for (let round = 0; round < 3; round++) {
      await clock.advance(29_000);
      report();
    }
    await clock.advance(29_000);
    finish();
    await started;
    await patient.stop();

    const stuck = caught(() => appWith().start());
    await clock.advance(29_000);
    report();
    await clock.advance(30_000);
    assert.equal((await stuck).details.length, 0);
    assert.match((await stuck).message, /'slow\/Service' did not start within 30000 ms/);
    report();
    assert.equal(clock.pendingTimers, 0);
  });

  it('gives up an open that misses its deadline', async () => {
    const { app, clock } = new Bench({ a: { open: hang } });
    const starting = caught(() => app.start());
    await settle();
    assert.deepEqual(clock.pendingDelays, [2]);
    clock.fireAll();
    assert.match((await starting).message, /'a\/Service' did not open within 2 ms/);
  });

  it('stops the others when one fails or hangs, and reports all of it', async () => {
    const { app, log, clock } = new Bench({ a: { stop: fail('bad') }, b: { stop: hang }, c: { close: hang } });
    await app.start();
    log.length = 0;
    const stopping = failures(app.stop());
    await settle();
    assert.deepEqual(clock.pendingDelays, [3]);
    clock.fireAll();
    await settle();
    assert.deepEqual(clock.pendingDelays, [4]);
    clock.fireAll();
    const errors = await stopping;
    assert.deepEqual(
      errors.map((error) => error.code),
      ['DW_APP_DEADLINE_MISSED', 'DW_APP_DEADLINE_MISSED', 'DW_APP_SERVICE_FAILED'],
    );
    assert.match(
      errors.map((error) => error.message).join(),
      /'c\/Service' did not close.*'b\/Service' did not stop.*'a\/Service' failed to stop: bad/,
    );
    assert.deepEqual(
      log.filter((line) => line.startsWith('stop')),
      ['stop c', 'stop b', 'stop a'],
    );
  });

  it('leaves no timer behind', async () => {
    const { app, clock } = new Bench({ a: { start: settle } });
    await app.start();
    await app.stop();
    assert.deepEqual(clock.pendingDelays, []);
  });

  it('stops once, however often it is told to', async () => {
    const { app, log } = new Bench({ a: { stop: fail('bad') } });
    await app.start();
    const first = app.stop();
    const second = app.stop();
    assert.equal((await failures(first)).length, 1);
    assert.equal((await failures(second)).length, 1);
    await app.stop();
    assert.deepEqual(
      log.filter((line) => line === 'stop a'),
      ['stop a'],
    );
  });

  it('interrupts a start when told to stop, aborting what waits', async () => {
    const waits = (signal: AbortSignal): Promise<void> =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const { app, log } = new Bench({ a: {}, b: { start: waits }, c: {} });
    const starting = caught(() => app.start());
    await settle();
    await app.stop();
    assert.equal((await starting).code, 'DW_APP_STOPPED');
    assert.deepEqual(log, ['start a', 'start b', 'abort a', 'abort b', 'stop a']);
  });

  it('closes before it aborts when told to stop while services open', async () => {
    const { app, log } = new Bench({ a: { open: settle }, b: {} });
    const starting = caught(() => app.start());
    while (!log.includes('open a')) await settle();
    await app.stop();
    assert.equal((await starting).code, 'DW_APP_STOPPED');
    assert.deepEqual(log.slice(3), ['close a', 'abort a', 'abort b', 'stop b', 'stop a']);
  });

  it('starts once, and not after it was stopped', async () => {
    const first = new Bench({ a: {} });
    await first.app.start();
    assert.equal((await caught(() => first.app.start())).code, 'DW_APP_STARTED_TWICE');
    const second = new Bench({ a: {} });
    await second.app.stop();
    assert.equal((await caught(() => second.app.start())).code, 'DW_APP_STARTED_TWICE');
    assert.deepEqual(second.log, []);
  });
});
