import assert from 'node:assert/strict';
import { definePlugin, definePort } from '@dogwatch/core';

import { z } from 'zod';

interface KeyValueStore {
  get(key: string): string | null;
}
const KeyValueStore = definePort<KeyValueStore>('test.KeyValueStore');

class MapStore implements KeyValueStore {
  get(key: string): string | null {
    return key;
  }
}
class NoStore {
  readonly size = 0;
}

describe('definePlugin', () => {
  const redis = definePlugin({
    id: 'redis',
    config: z.object({ url: z.string(), port: z.string().transform(Number) }),
    provides: [KeyValueStore],
    register({ bind }, config) {
      const port: number = config.port;
      bind(KeyValueStore).toValue({ get: () => `${config.url}:${port}` });
    },
  });

  it('hands the config to register as it came, without validating it again', () => {
    const bound: unknown[] = [];
    const plugin = redis({ url: 'redis://a', port: 1 });
    plugin.register({
      bind: () => ({ toClass: () => undefined, toValue: (value) => bound.push(value) }),
      contribute: () => ({ class: () => undefined, value: () => undefined }),
    });
    assert.equal((bound[0] as KeyValueStore).get(''), 'redis://a:1');
  });

  it('lists nothing where the spec lists nothing', () => {
    const plugin = definePlugin({ id: 'empty', register: () => undefined })();
    assert.equal(plugin.id, 'empty');
    assert.deepEqual([...plugin.requires, ...plugin.provides, ...plugin.replaces], []);
  });

  it('takes the output of the schema, checked by the compiler', () => {
    const calls = [
      // @ts-expect-error the output has a number
      () => redis({ url: 'redis://a', port: '1' }),
      // @ts-expect-error a config is needed
      () => redis(),
      // @ts-expect-error there is no config
      () => definePlugin({ id: 'empty', register: () => undefined })({}),
      () =>
        definePlugin({
          id: 'x',
          register({ bind }) {
            // @ts-expect-error NoStore is no KeyValueStore
            bind(KeyValueStore).toClass(NoStore);
            bind(KeyValueStore).toClass(MapStore);
          },
        }),
    ];
    assert.equal(calls.length, 4);
  });
});
