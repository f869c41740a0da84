import assert from 'node:assert/strict';
import { defineExtensionPoint, definePort, inject, injectable, injectEach } from '@dogwatch/core';
import type { Port } from '@dogwatch/core';
import { caught } from '../fixtures/caught.js';

interface Store {
  read(): string;
}
interface Channel {
  send(text: string): void;
}
const Store = definePort<Store>('test.Store');
const Channel = definePort<Channel>('test.Channel');
const Channels = defineExtensionPoint<Channel>('test.Channels');

describe('inject', () => {
  it('leaves a class that `new` can build', () => {
    @injectable()
    class Reader {
      constructor(
        @inject(Store) readonly store: Store,
        @injectEach(Channels) readonly channels: readonly Channel[],
        @inject(Store) readonly anything: unknown,
      ) {}
    }
    assert.equal(new Reader({ read: () => 'x' }, [], null).store.read(), 'x');
  });

  it('compiles only where the port fits the parameter', () => {
    class WrongPort {
      // @ts-expect-error a channel is no store
      constructor(@inject(Channel) readonly store: Store) {}
    }
    class WrongEach {
      // @ts-expect-error an array is needed
      constructor(@injectEach(Channels) readonly channel: Channel) {}
    }
    // @ts-expect-error a port is injected with inject
    const eachOfOne = (): unknown => injectEach(Store);
    // @ts-expect-error an extension point is injected with injectEach
    const oneOfMany = (): unknown => inject(Channels);
    assert.equal([WrongPort, WrongEach, eachOfOne, oneOfMany].length, 4);
  });

  it('refuses a token that an import cycle left undefined, and names the class', async () => {
    const early = undefined as unknown as Port<Store>;
    const error = await caught(() => {
      class Early {
        constructor(@inject(early) readonly store: Store) {}
      }
      return Early;
    });
    assert.equal(error.code, 'DW_BOOT_TOKEN_INVALID');
    assert.match(error.message, /Early got 'undefined'/);
    assert.match(error.message, /import each other/);
  });

  it('refuses a port where an extension point is needed, and the other way round', async () => {
    const each = await caught(() => injectEach(Store as never)(class {}, undefined, 0 as never));
    const one = await caught(() => inject(Channels as never)(class {}, undefined, 0 as never));
    assert.deepEqual([each.code, one.code], ['DW_BOOT_TOKEN_INVALID', 'DW_BOOT_TOKEN_INVALID']);
  });

  it('refuses a plain symbol', async () => {
    const stranger = Symbol('stranger') as Port<Store>;
    const error = await caught(() => inject(stranger)(class {}, undefined, 0 as never));
    assert.equal(error.code, 'DW_BOOT_TOKEN_INVALID');
  });
});
