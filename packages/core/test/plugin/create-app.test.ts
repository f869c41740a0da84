import assert from 'node:assert/strict';
import {
  AppState,
  Clock,
  createApp,
  defineExtensionPoint,
  definePlugin,
  definePort,
  HostedService,
  inject,
  injectable,
  injectEach,
} from '@dogwatch/core';
import type { AnyPort, Plugin, Registrar } from '@dogwatch/core';
import * as core from '@dogwatch/core';
import { caught } from '../fixtures/caught.js';
import { FiringClock, quietCore } from '../fixtures/quiet-core.js';

const Store = definePort<object>('test.Store');
const Report = definePort<{ readonly parts: readonly object[] }>('test.Report');
const Parts = defineExtensionPoint<object>('test.Parts');

const plugin = (id: string, register: (registrar: Registrar) => void, provides: readonly AnyPort[] = []): Plugin =>
  definePlugin({ id, provides, register })();
const app = (...plugins: readonly Plugin[]): core.App => createApp({ plugins, core: quietCore() });

@injectable()
class Collector {
  constructor(@injectEach(Parts) readonly parts: readonly object[]) {}
}
const report = plugin('report', ({ bind }) => bind(Report).toClass(Collector), [Report]);

describe('createApp', () => {
  it('hands out the bindings of core that it was given', () => {
    const clock = new FiringClock();
    assert.equal(createApp({ plugins: [], core: quietCore(clock) }).get(Clock), clock);
  });

  it('binds the ports of core by itself when it is given nothing', async () => {
    const made = createApp({ plugins: [] });
    assert.ok(Math.abs(made.get(Clock).now() - Date.now()) < 60_000);
    assert.equal(made.get(core.IdGenerator).next().length, core.ID_LENGTH);
    made.get(core.Metrics).counter({ name: 'dogwatch_probe_total', help: 'x' }).increment();
    assert.match((await made.get(core.Metrics).render()).text, /^dogwatch_probe_total 1$/m);
    assert.equal(typeof made.get(core.Logger).child({}).info, 'function');
  });

  it('refuses a port that nothing binds, and never builds an unregistered class', async () => {
    assert.equal((await caught(() => app().get(Store))).code, 'DW_BOOT_PORT_MISSING');
    let built = 0;
    class Unregistered {
      constructor() {
        built++;
      }
    }
    // @ts-expect-error a class is no port
    const error = await caught(() => app().get(Unregistered));
    assert.deepEqual([error.code, built], ['DW_BOOT_PORT_MISSING', 0]);
  });

  it('injects an empty list where nobody contributes', () => {
    assert.deepEqual(app(report).get(Report).parts, []);
  });

  it('injects contributions in the order of the plugins, as a list that nobody can change', () => {
    const one = plugin('one', ({ contribute }) => [1, 2].forEach((n) => contribute(Parts).value({ n })));
    const two = plugin('two', ({ contribute }) => contribute(Parts).value({ n: 3 }));
    const { parts } = app(report, one, two).get(Report);
    assert.deepEqual(parts, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    assert.throws(() => (parts as object[]).push({}), TypeError);
  });

  it('builds a class once per app, however many seams it is registered at', () => {
    let built = 0;
    class Everything {
      readonly name = 'Everything';
      constructor() {
        built++;
      }
    }
    const everything = plugin(
      'everything',
      ({ bind, contribute }) => {
        bind(Store).toClass(Everything);
        contribute(Parts).class(Everything);
        contribute(HostedService).class(Everything);
      },
      [Store],
    );
    const first = app(everything, report);
    assert.equal(first.get(Report).parts[0], first.get(Store));
    assert.equal(built, 1);
    assert.notEqual(app(everything, report).get(Store), first.get(Store));
    assert.equal(built, 2);
  });

  it('offers no way to register in a global container, and apps share nothing', () => {
    assert.deepEqual(
      Object.keys(core).filter((name) => /singleton|scoped|container|autoInjectable|delay/i.test(name)),
      [],
    );
    const one = plugin('one', ({ contribute }) => contribute(Parts).value({}));
    assert.equal(app(one, report).get(Report).parts.length, 1);
    assert.equal(app(report).get(Report).parts.length, 0);
  });

  it('does not need @injectable on a class whose parameters are all injected', () => {
    class Plain {
      constructor(@inject(Clock) readonly clock: core.Clock) {}
    }
    const plain = definePlugin({
      id: 'plain',
      requires: [Clock],
      provides: [Store],
      register: ({ bind }) => bind(Store).toClass(Plain),
    })();
    const made = app(plain);
    assert.equal((made.get(Store) as Plain).clock, made.get(Clock));
  });

  it('builds every class at boot, and names the one whose constructor throws', async () => {
    const cause = new Error('no luck');
    class Unlucky {
      constructor() {
        throw cause;
      }
    }
    const unlucky = plugin('unlucky', ({ contribute }) => contribute(Parts).class(Unlucky));
    const error = await caught(() => app(unlucky).start());
    assert.deepEqual([error.code, error.cause], ['DW_BOOT_CONSTRUCT_FAILED', cause]);
    assert.match(error.message, /Unlucky in 'unlucky' could not be built: no luck/);
  });

  it('does not build what another plugin replaces', () => {
    let built = 0;
    class Replaced {
      constructor() {
        built++;
      }
    }
    const loser = plugin('loser', ({ bind }) => bind(Store).toClass(Replaced), [Store]);
    const winner = definePlugin({
      id: 'winner',
      provides: [Store],
      replaces: [Store],
      register: ({ bind }) => bind(Store).toValue({}),
    })();
    app(loser, winner).get(Store);
    assert.equal(built, 0);
  });

  it('never disposes what it holds: the engine disposes without order', async () => {
    const log: string[] = [];
    class Disposable {
      dispose(): void {
        log.push('disposed');
      }
    }
    const holder = plugin('holder', ({ bind, contribute }) => {
      bind(Store).toClass(Disposable);
      contribute(Parts).value(new Disposable());
      for (const name of ['a', 'b']) contribute(HostedService).value({ name, stop: () => void log.push(name) });
    });
    const made = app(holder);
    await made.start();
    await made.stop();
    assert.deepEqual(log, ['b', 'a']);
  });

  it('tells its phase through a port', async () => {
    const seen: string[] = [];
    const watcher = definePlugin({
      id: 'watcher',
      requires: [AppState],
      register: ({ contribute }) => contribute(HostedService).class(Watcher),
    })();
    @injectable()
    class Watcher implements HostedService {
      readonly name = 'Watcher';
      constructor(@inject(AppState) private readonly state: AppState) {}
      start(): void {
        seen.push(this.state.phase);
      }
      open(): void {
        seen.push(this.state.phase);
      }
      close(): void {
        seen.push(this.state.phase);
      }
    }
    const made = app(watcher);
    await made.start();
    seen.push(made.get(AppState).phase);
    await made.stop();
    assert.deepEqual(seen, ['starting', 'starting', 'ready', 'stopping']);
  });
});
