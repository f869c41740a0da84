import assert from 'node:assert/strict';
import { createApp, isAppError, loadConfig } from '@dogwatch/core';
import { redisStore, redisStoreConfig } from '@dogwatch/store-redis';
import { RecordingLogger } from '@dogwatch/testkit';

const load = (env: Record<string, string>) => loadConfig(null, { redis: redisStoreConfig }, env);

describe('the settings of the Redis store', () => {
  it('name no Redis unless they are told one', async () => {
    const { redis } = await load({});
    assert.deepEqual(redis, {
      url: null,
      keyPrefix: 'dogwatch',
      tlsCaFile: null,
      leases: false,
      connectTimeoutMs: 5_000,
      commandTimeoutMs: 1_000,
      jobLockMs: 30_000,
    });
  });

  it('keep the URL secret', async () => {
    const { redis } = await load({ REDIS_URL: 'redis://:secret@redis:6379', REDIS_KEY_PREFIX: 'home' });
    assert.equal(redis.url?.reveal(), 'redis://:secret@redis:6379');
    assert.equal(redis.keyPrefix, 'home');
    assert.ok(!JSON.stringify(redis).includes('secret'));
  });

  it('are refused with the variable, and without the secret', async () => {
    const error: unknown = await load({ REDIS_URL: 'redis://:secret@one,two', REDIS_KEY_PREFIX: 'a b' }).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(isAppError(error));
    const text = `${error.message} ${JSON.stringify(error.details)}`;
    assert.match(text, /REDIS_URL/);
    assert.match(text, /several hosts/);
    assert.match(text, /REDIS_KEY_PREFIX/);
    assert.ok(!text.includes('secret'));
  });

  it('without a URL cannot make a store', async () => {
    const { redis } = await load({});
    const app = createApp({ plugins: [redisStore(redis)], core: { logger: new RecordingLogger() } });
    await assert.rejects(app.start(), (error: unknown) => isAppError(error) && /Set REDIS_URL/.test(error.message));
  });

  it('with an authority that cannot be read name its file', async () => {
    const { redis } = await load({ REDIS_URL: 'rediss://redis', REDIS_TLS_CA_FILE: '/nonexistent/ca.pem' });
    const app = createApp({ plugins: [redisStore(redis)], core: { logger: new RecordingLogger() } });
    await assert.rejects(
      app.start(),
      (error: unknown) => isAppError(error) && /'\/nonexistent\/ca\.pem'.*REDIS_TLS_CA_FILE/.test(error.message),
    );
  });
});
