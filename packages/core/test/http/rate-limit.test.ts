import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ManualClock, RecordingLogger } from '@dogwatch/testkit';
import Koa from 'koa';
import { toErrorAnswer } from '../../dist/http/error-response.js';
import { limitRate } from '../../dist/http/rate-limit.js';

/** Counts as the limiter's script does on a Redis server, as long as it is up. */
class FakeRedis {
  isDown = false;
  asked = 0;
  readonly counts = new Map<string, number>();
  readonly scripts: string[] = [];
  ratelimiter: unknown = undefined;

  defineCommand(name: string, { lua }: { lua: string }): void {
    this.scripts.push(lua);
    Object.assign(this, {
      [name]: (key: string, now: number, durationMs: number, max: number): Promise<number[]> => {
        this.asked++;
        if (this.isDown) return Promise.reject(new Error('Connection is closed.'));
        const count = this.counts.get(key) ?? 0;
        this.counts.set(key, count + 1);
        return Promise.resolve([Math.max(0, max - count), Math.floor((now + durationMs) / 1_000), max]);
      },
    });
  }
}

describe('a rate limit that replicas share', () => {
  const servers: { close(): unknown }[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function replica(client: FakeRedis) {
    const clock = new ManualClock();
    const logger = new RecordingLogger();
    const app = new Koa();
    app.use(async (context, next) => {
      await next().catch((error: unknown) => {
        const { status, headers, body } = toErrorAnswer(error);
        Object.assign(context, { status, body });
        context.set({ ...headers });
      });
    });
    const limit = { name: 'api', perMinute: 3, refusal: 'DW_HTTP_RATE_LIMITED', setting: 'A_SETTING' } as const;
    app.use(limitRate(limit, { backend: { client }, clock, logger }));
    app.use((context) => {
      context.body = 'ok';
    });
    const server = app.listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    return { clock, logger, get: () => fetch(url) };
  }

  it('counts over all of them', async () => {
    const redis = new FakeRedis();
    const [one, two] = [await replica(redis), await replica(redis)];
    const statuses = [await one.get(), await two.get(), await one.get(), await two.get()].map(({ status }) => status);
    assert.deepEqual(statuses, [200, 200, 200, 429]);
    const refused = await one.get();
    assert.ok(Number(refused.headers.get('retry-after')) > 50);
    assert.equal(((await refused.json()) as { error: { code: string } }).error.code, 'DW_HTTP_RATE_LIMITED');
  });

  it('holds in each of them by itself while the shared count fails, which is said once', async () => {
    const redis = new FakeRedis();
    const one = await replica(redis);
    redis.isDown = true;
    const statuses = [await one.get(), await one.get(), await one.get(), await one.get()].map(({ status }) => status);
    assert.deepEqual(statuses, [200, 200, 200, 429]);
    assert.equal(one.logger.linesOf('rate_limit_local').length, 1);
    assert.equal(redis.asked, 1, 'a backend that fails is left alone for a while');
    await one.clock.advance(5_000);
    await one.get();
    assert.equal(one.logger.linesOf('rate_limit_local').length, 1);
  });

  it('is shared again when the shared count answers again', async () => {
    const redis = new FakeRedis();
    const one = await replica(redis);
    redis.isDown = true;
    await one.get();
    redis.isDown = false;
    await one.clock.advance(5_000);
    assert.equal((await one.get()).status, 200);
    assert.equal(one.logger.linesOf('rate_limit_shared').length, 1);
    assert.deepEqual([...redis.counts.values()], [1]);
  });
});
