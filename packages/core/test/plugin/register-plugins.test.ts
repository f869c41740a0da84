import assert from 'node:assert/strict';
import { createApp, defineExtensionPoint, definePlugin, definePort, HostedService } from '@dogwatch/core';
import type { AnyPort, Plugin, Registrar } from '@dogwatch/core';
import { caught } from '../fixtures/caught.js';
import { quietCore } from '../fixtures/quiet-core.js';

const Store = definePort<object>('test.Store');
const Points = defineExtensionPoint<object>('test.Points');
class Thing {
  readonly name = 'Thing';
}

const plugin = (id: string, register: (registrar: Registrar) => void, provides: readonly AnyPort[] = []): Plugin =>
  definePlugin({ id, provides, register })();
const bootError = (...plugins: readonly Plugin[]) => caught(() => createApp({ plugins, core: quietCore() }).start());

describe('registerPlugins', () => {
  it('refuses a promised port that is never bound', async () => {
    const error = await bootError(plugin('a', () => undefined, [Store]));
    assert.equal(error.code, 'DW_BOOT_PORT_NOT_BOUND');
    assert.match(error.message, /Plugin 'a' provides test\.Store/);
  });

  it('refuses a port that is bound twice by one plugin, where the engine would let the last one win', async () => {
    const twice = plugin('a', ({ bind }) => [{}, {}].forEach((value) => bind(Store).toValue(value)), [Store]);
    assert.equal((await bootError(twice)).code, 'DW_BOOT_PORT_BOUND_TWICE');
  });

  it('refuses a private port that two plugins bind', async () => {
    const bindStore = ({ bind }: Registrar): void => bind(Store).toValue({});
    const error = await bootError(plugin('a', bindStore), plugin('b', bindStore));
    assert.equal(error.code, 'DW_BOOT_PORT_BOUND_TWICE');
    assert.match(error.message, /'a' and 'b' both bind test\.Store/);
  });

  it('refuses to bind the port of another plugin in passing', async () => {
    const bindStore = ({ bind }: Registrar): void => bind(Store).toValue({});
    const error = await bootError(plugin('a', bindStore, [Store]), plugin('b', bindStore));
    assert.equal(error.code, 'DW_BOOT_PORT_NOT_OWNED');
    assert.match(error.message, /Plugin 'b' binds test\.Store, which 'a' provides/);
  });

  it('refuses what an import cycle left undefined', async () => {
    const nothing = undefined as never;
    const error = await bootError(
      plugin('a', ({ bind }) => bind(Store).toClass(nothing)),
      plugin('b', ({ bind }) => bind(Store).toValue(nothing)),
      plugin('c', ({ contribute }) => contribute(Points).class(nothing)),
      plugin('d', ({ contribute }) => contribute(Points).value(nothing)),
    );
    assert.deepEqual(
      error.details.map((detail) => detail.path),
      Array(4).fill('DW_BOOT_IMPLEMENTATION_INVALID'),
    );
  });

  it('refuses a call that never says what', async () => {
    const error = await bootError(
      plugin('a', ({ bind }) => void bind(Store)),
      plugin('b', ({ contribute }) => void contribute(Points)),
    );
    assert.deepEqual(
      error.details.map((detail) => detail.path),
      Array(2).fill('DW_BOOT_REGISTRATION_INCOMPLETE'),
    );
    assert.match(error.message, /'a' calls bind\(test\.Store\)[^]*'b' calls contribute\(test\.Points\)/);
  });

  it('refuses an asynchronous register, also one that fails later', async () => {
    const error = await bootError(plugin('a', () => Promise.reject(new Error('later'))));
    assert.equal(error.code, 'DW_BOOT_REGISTER_ASYNC');
  });

  it('refuses a registrar that is used later', async () => {
    let kept: Registrar | null = null;
    const keeper = plugin('a', (registrar) => {
      kept = registrar;
    });
    createApp({ plugins: [keeper], core: quietCore() }).get(definePort('core.Clock'));
    const error = await caught(() => kept?.bind(Store));
    assert.equal(error.code, 'DW_BOOT_REGISTER_LATE');
  });

  it('reports a register that throws with its cause, beside the problems of other plugins', async () => {
    const cause = new Error('boom');
    const thrower = plugin('a', () => {
      throw cause;
    });
    const alone = await bootError(thrower);
    assert.deepEqual([alone.code, alone.cause], ['DW_BOOT_REGISTER_FAILED', cause]);
    const both = await bootError(
      thrower,
      plugin('b', () => undefined, [Store]),
    );
    assert.deepEqual(
      both.details.map((detail) => detail.path),
      ['DW_BOOT_REGISTER_FAILED', 'DW_BOOT_PORT_NOT_BOUND'],
    );
  });

  it('refuses a service that would start twice', async () => {
    const error = await bootError(
      plugin('a', ({ contribute }) => [1, 2].forEach(() => contribute(HostedService).class(Thing))),
    );
    assert.equal(error.code, 'DW_BOOT_CONTRIBUTED_TWICE');
    assert.match(error.message, /contributes Thing twice to core\.HostedService/);
  });
});
