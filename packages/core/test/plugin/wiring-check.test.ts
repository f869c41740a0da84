import assert from 'node:assert/strict';
import {
  createApp,
  defineExtensionPoint,
  definePlugin,
  definePort,
  inject,
  injectable,
  injectEach,
} from '@dogwatch/core';
import type { AnyPort, AppError, Constructor, Plugin, Registrar } from '@dogwatch/core';
import { caught } from '../fixtures/caught.js';
import { quietCore } from '../fixtures/quiet-core.js';

const Store = definePort<object>('test.Store');
const Cache = definePort<object>('test.Cache');
const Report = definePort<object>('test.Report');
const Parts = defineExtensionPoint<object>('test.Parts');

interface Shape {
  readonly requires?: readonly AnyPort[];
  readonly provides?: readonly AnyPort[];
}
const plugin = (id: string, register: (registrar: Registrar) => void, shape: Shape = {}): Plugin =>
  definePlugin({ id, ...shape, register })();
const bootError = (...plugins: readonly Plugin[]): Promise<AppError> =>
  caught(() => createApp({ plugins, core: quietCore() }).start());
const user = (implementation: Constructor<object>, shape: Shape = {}): Plugin =>
  plugin('user', ({ contribute }) => contribute(Parts).class(implementation), shape);
const store = plugin('store', ({ bind }) => bind(Store).toValue({}), { provides: [Store] });

@injectable()
class NeedsStore {
  constructor(@inject(Store) readonly store: object) {}
}

describe('checkWiring', () => {
  it('refuses a class that injects what nothing binds, and names class, plugin and port', async () => {
    const error = await bootError(user(NeedsStore));
    assert.equal(error.code, 'DW_BOOT_PORT_UNBOUND');
    assert.match(error.message, /NeedsStore in 'user' injects test\.Store, which nothing binds/);
  });

  it('refuses a class that injects what its plugin does not declare', async () => {
    const error = await bootError(store, user(NeedsStore));
    assert.equal(error.code, 'DW_BOOT_PORT_UNDECLARED');
    assert.match(error.message, /NeedsStore in 'user' injects test\.Store of 'store'.*Add it to requires of 'user'/);
  });

  it('accepts a declared port, an own one, and an own one that another plugin replaces', () => {
    const own = plugin(
      'own',
      ({ bind, contribute }) => {
        bind(Store).toValue({ from: 'own' });
        contribute(Parts).class(NeedsStore);
      },
      { provides: [Store] },
    );
    const winner = definePlugin({
      id: 'winner',
      provides: [Store],
      replaces: [Store],
      register: ({ bind }) => bind(Store).toValue({ from: 'winner' }),
    })();
    for (const plugins of [[store, user(NeedsStore, { requires: [Store] })], [own], [own, winner]]) {
      assert.equal(typeof createApp({ plugins, core: quietCore() }).get(Store), 'object');
    }
  });

  it('refuses the private port of another plugin', async () => {
    const hidden = plugin('hidden', ({ bind }) => bind(Store).toValue({}));
    const error = await bootError(hidden, user(NeedsStore));
    assert.equal(error.code, 'DW_BOOT_PORT_UNDECLARED');
    assert.match(error.message, /private to 'hidden'/);
  });

  it('refuses a forgotten @inject, which the engine would fill with undefined', async () => {
    class Forgetful {
      constructor(
        readonly first: object,
        @inject(Store) readonly store: object,
        readonly third: object,
      ) {}
    }
    const error = await bootError(store, user(Forgetful, { requires: [Store] }));
    assert.equal(error.code, 'DW_BOOT_INJECT_MISSING');
    assert.match(error.message, /Forgetful in 'user' forgets @inject on constructor parameter #1, #3/);
  });

  it('refuses a subclass without a constructor of its own, which the engine would build with nothing', async () => {
    class Silent extends NeedsStore {
      // Neither the word constructor (in a comment) counts, nor this.constructor.
      again(): unknown {
        return this.constructor;
      }
    }
    class SilentAgain extends Silent {}
    for (const implementation of [Silent, SilentAgain]) {
      const error = await bootError(store, user(implementation, { requires: [Store] }));
      assert.equal(error.code, 'DW_BOOT_INJECT_MISSING');
      assert.match(error.message, /inherits the constructor of its parent/);
    }
  });

  it('accepts subclasses that say what they need, and parameters with a default', () => {
    class Fixed extends NeedsStore {
      constructor() {
        super({});
      }
    }
    class FixedAgain extends Fixed {}
    class Own extends NeedsStore {
      constructor(@inject(Store) own: object) {
        super(own);
      }
    }
    class WithDefault {
      constructor(
        @inject(Store) readonly store: object,
        readonly limit = 5,
      ) {}
    }
    const built: unknown[] = [];
    @injectable()
    class Collector {
      constructor(@injectEach(Parts) readonly parts: readonly object[]) {
        built.push(...parts);
      }
    }
    const all = plugin(
      'all',
      ({ bind, contribute }) => {
        for (const implementation of [Fixed, FixedAgain, Own, WithDefault]) contribute(Parts).class(implementation);
        bind(Report).toClass(Collector);
      },
      { requires: [Store] },
    );
    createApp({ plugins: [store, all], core: quietCore() }).get(Report);
    assert.equal((built[2] as Own).store, (built[3] as WithDefault).store);
    assert.equal((built[3] as WithDefault).limit, 5);
  });

  it('shows a cycle through classes as a path', async () => {
    class StoreOnCache {
      constructor(@inject(Cache) readonly cache: object) {}
    }
    class CacheOnStore {
      constructor(@inject(Store) readonly store: object) {}
    }
    const both = plugin('both', ({ bind }) => {
      bind(Store).toClass(StoreOnCache);
      bind(Cache).toClass(CacheOnStore);
    });
    const error = await bootError(both);
    assert.equal(error.code, 'DW_BOOT_CLASS_CYCLE');
    assert.match(error.message, /StoreOnCache → test\.Cache \(CacheOnStore\) → test\.Store \(StoreOnCache\)/);
  });

  it('shows a cycle through an extension point as a path', async () => {
    class Router {
      constructor(@injectEach(Parts) readonly parts: readonly object[]) {}
    }
    class Part {
      constructor(@inject(Report) readonly router: object) {}
    }
    const both = plugin('both', ({ bind, contribute }) => {
      bind(Report).toClass(Router);
      contribute(Parts).class(Part);
    });
    const error = await bootError(both);
    assert.equal(error.code, 'DW_BOOT_CLASS_CYCLE');
    assert.match(error.message, /Router → test\.Parts \(Part\) → test\.Report \(Router\)/);
  });

  it('reports all problems of all classes at once', async () => {
    class Lazy {
      constructor(
        readonly first: object,
        @inject(Report) readonly report: object,
      ) {}
    }
    const error = await bootError(
      store,
      plugin('a', ({ contribute }) => contribute(Parts).class(Lazy)),
      plugin('b', ({ contribute }) => contribute(Parts).class(NeedsStore)),
    );
    assert.deepEqual(
      error.details.map((detail) => detail.path),
      ['DW_BOOT_INJECT_MISSING', 'DW_BOOT_PORT_UNBOUND', 'DW_BOOT_PORT_UNDECLARED'],
    );
  });
});
