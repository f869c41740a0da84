import assert from 'node:assert/strict';
import {
  createApp,
  formatConfigError,
  loadConfig,
  Leadership,
  memoryStore,
  replica,
  replicaConfig,
  Roles,
} from '@dogwatch/core';
import { RecordingLogger } from '@dogwatch/testkit';

const load = (env: Record<string, string>) => loadConfig(null, { replica: replicaConfig }, env);

describe('the roles of a replica', () => {
  it('are all of them unless somebody says otherwise', async () => {
    assert.deepEqual((await load({})).replica.roles, ['api', 'watch', 'worker']);
    assert.deepEqual((await load({ DOGWATCH_ROLES: 'worker, api' })).replica.roles, ['api', 'worker']);
  });

  it('are refused by name, with those that exist', async () => {
    for (const [text, message] of [
      ['api,wach', /'wach' is no role\. Known: api, watch, worker.*DOGWATCH_ROLES/],
      [' , ', /names no role\. Known: api, watch, worker.*DOGWATCH_ROLES/],
    ] as const) {
      const error: unknown = await load({ DOGWATCH_ROLES: text }).then(
        () => null,
        (failure: unknown) => failure,
      );
      assert.match(formatConfigError(error), message);
    }
  });

  it('and the leadership are those of a process alone, until the plugin replica says otherwise', async () => {
    const core = { logger: new RecordingLogger() };
    const alone = createApp({ plugins: [memoryStore()], core });
    assert.equal(alone.get(Leadership).isLeading('watch'), true);
    assert.deepEqual(alone.get(Roles).list, ['api', 'watch', 'worker']);
    const one = createApp({ plugins: [memoryStore(), replica({ roles: ['worker'] })], core });
    assert.equal(one.get(Leadership).isLeading('watch'), false);
    assert.equal(one.get(Roles).has('api'), false);
  });
});
