import assert from 'node:assert/strict';
import { createApp, definePlugin, definePort, HostedService, Logger } from '@dogwatch/core';
import type { AnyPort, Plugin } from '@dogwatch/core';
import { caught } from '../fixtures/caught.js';
import { quietCore } from '../fixtures/quiet-core.js';

const A = definePort<string>('test.A');
const B = definePort<string>('test.B');
const C = definePort<string>('test.C');

interface Shape {
  readonly requires?: readonly AnyPort[];
  readonly provides?: readonly (typeof A)[];
  readonly replaces?: readonly (typeof A)[];
}

function plugin(id: string, shape: Shape, started: string[] = []): Plugin {
  return definePlugin({
    id,
    ...shape,
    register({ bind, contribute }) {
      for (const port of shape.provides ?? []) bind(port).toValue(id);
      contribute(HostedService).value({ name: 'Probe', start: () => void started.push(id) });
    },
  })();
}

const start = (plugins: readonly Plugin[]): Promise<void> => createApp({ plugins, core: quietCore() }).start();

describe('orderPlugins', () => {
  it('starts a plugin after those whose ports it requires, and else as listed', async () => {
    const started: string[] = [];
    await start([
      plugin('z', { requires: [A, B, Logger] }, started),
      plugin('y', {}, started),
      plugin('b', { requires: [A], provides: [B] }, started),
      plugin('a', { provides: [A] }, started),
    ]);
    assert.deepEqual(started, ['a', 'b', 'z', 'y']);
  });

  it('refuses plugins with the same id, each named', async () => {
    const error = await caught(() =>
      start([plugin('a', {}), plugin('a', {}), plugin('b', {}), plugin('b', {}), plugin('core', {})]),
    );
    assert.equal(error.code, 'DW_BOOT_FAILED');
    assert.deepEqual(
      error.details.map((detail) => detail.path),
      Array(3).fill('DW_BOOT_PLUGIN_DUPLICATE'),
    );
    for (const id of ["'a'", "'b'", "'core'"])
      assert.match(error.message, new RegExp(`Plugin ${id} is installed twice`));
  });

  it('refuses a port without a provider, and names who needs it', async () => {
    const error = await caught(() => start([plugin('aiops', { requires: [A] })]));
    assert.equal(error.code, 'DW_BOOT_PORT_MISSING');
    assert.equal(
      error.message,
      "Plugin 'aiops' needs test.A, but no installed plugin provides it. Add one that does to createApp.",
    );
  });

  it('refuses two providers of one port, and names both', async () => {
    const error = await caught(() => start([plugin('a', { provides: [A] }), plugin('b', { provides: [A] })]));
    assert.equal(error.code, 'DW_BOOT_PORT_PROVIDED_TWICE');
    assert.match(error.message, /test\.A is provided by 'a' and 'b'/);
  });

  it('lets a plugin win over another one when it says so, whatever the order', async () => {
    const winner = plugin('b', { provides: [A], replaces: [A] });
    const loser = plugin('a', { provides: [A] });
    for (const plugins of [
      [winner, loser],
      [loser, winner],
    ]) {
      assert.equal(createApp({ plugins, core: quietCore() }).get(A), 'b');
    }
  });

  it('needs nobody to be replaced', () => {
    const alone = plugin('b', { provides: [A], replaces: [A] });
    assert.equal(createApp({ plugins: [alone], core: quietCore() }).get(A), 'b');
  });

  it('refuses two replacements of one port', async () => {
    const twice = ['a', 'b'].map((id) => plugin(id, { provides: [A], replaces: [A] }));
    const error = await caught(() => start(twice));
    assert.equal(error.code, 'DW_BOOT_PORT_PROVIDED_TWICE');
    assert.match(error.message, /test\.A is replaced by 'a' and 'b'/);
  });

  it('refuses to replace what the plugin does not provide', async () => {
    const error = await caught(() => start([plugin('a', { replaces: [A] })]));
    assert.equal(error.code, 'DW_BOOT_REPLACES_NOT_PROVIDED');
  });

  it('lets a plugin replace a port of core, and refuses it unsaid', async () => {
    const logger = quietCore().logger;
    const make = (replaces: readonly (typeof Logger)[]): Plugin =>
      definePlugin({
        id: 'logs',
        provides: [Logger],
        replaces,
        register: ({ bind }) => bind(Logger).toValue(logger),
      })();
    const core = { ...quietCore(), logger: { ...logger } };
    assert.equal(createApp({ plugins: [make([Logger])], core }).get(Logger), logger);
    const error = await caught(() => createApp({ plugins: [make([])], core }).start());
    assert.match(error.message, /core\.Logger is provided by 'core' and 'logs'/);
  });

  it('shows a cycle as a path', async () => {
    const error = await caught(() =>
      start([
        plugin('outside', { requires: [A] }),
        plugin('a', { requires: [B], provides: [A] }),
        plugin('b', { requires: [C], provides: [B] }),
        plugin('c', { requires: [A], provides: [C] }),
      ]),
    );
    assert.equal(error.code, 'DW_BOOT_PLUGIN_CYCLE');
    assert.match(error.message, /'a' → test\.B of 'b' → test\.C of 'c' → test\.A of 'a'/);
  });

  it('reports all problems of the phase at once', async () => {
    const error = await caught(() =>
      start([
        plugin('a', { provides: [A] }),
        plugin('b', { provides: [A], requires: [B] }),
        plugin('c', { requires: [C] }),
      ]),
    );
    assert.equal(error.code, 'DW_BOOT_FAILED');
    assert.deepEqual(
      error.details.map((detail) => detail.path),
      ['DW_BOOT_PORT_PROVIDED_TWICE', 'DW_BOOT_PORT_MISSING', 'DW_BOOT_PORT_MISSING'],
    );
    for (const { message } of error.details) assert.ok(error.message.includes(message));
  });
});
