import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { needsRedis, RedisServer } from '@dogwatch/testkit';
import { startEchoApp, type EchoApp } from './echo-app.js';
import { configFor, connectReplica, freshPrefix, until } from './redis-fixture.js';

needsRedis(process, (program) => {
  describe('replicas on one Redis server', () => {
    let server: RedisServer;
    let apps: EchoApp[] = [];
    beforeEach(async () => {
      server = await RedisServer.start(program);
    });
    afterEach(async () => {
      await Promise.all(apps.map((app) => app.stop()));
      apps = [];
      await server.close();
    });

    async function startApp(keyPrefix: string): Promise<EchoApp> {
      const started = await startEchoApp(configFor(server.url, { keyPrefix }));
      apps.push(started);
      return started;
    }

    it('count requests together: the 61st over both is refused with Retry-After', async () => {
      const prefix = freshPrefix();
      const both = [await startApp(prefix), await startApp(prefix)] as const;
      for (let index = 0; index < 60; index++) {
        assert.equal((await both[index % 2 === 0 ? 0 : 1].get('/api/echo')).status, 200, `request ${index + 1}`);
      }
      for (const app of both) {
        const refused = await app.get('/api/echo');
        assert.equal(refused.status, 429);
        const retryAfter = Number(refused.headers.get('retry-after'));
        assert.ok(retryAfter >= 1 && retryAfter <= 60, `Retry-After is ${retryAfter}`);
      }
      assert.equal((await both[0].get('/health')).status, 200);
    });

    it('are ready and answer without Redis, say that in their health, and get well by themselves', async () => {
      const app = await startApp(freshPrefix());
      const health = async () => {
        const response = await app.get('/health');
        const { status, checks } = (await response.json()) as { status: string; checks: { redis: { status: string } } };
        return [response.status, status, checks.redis.status];
      };
      assert.deepEqual(await health(), [200, 'ok', 'ok']);
      await server.kill9();
      assert.deepEqual(await health(), [200, 'degraded', 'degraded']);
      assert.equal((await app.get('/ready')).status, 200);
      for (let index = 0; index < 3; index++) assert.equal((await app.get('/api/echo')).status, 200);
      assert.equal(app.logger.linesOf('rate_limit_local').length, 1);
      await server.restart();
      await until(async () => (await health())[2] === 'ok', 'Redis is well again');
    });

    it('take up the job of one that was killed over it', async () => {
      const keyPrefix = freshPrefix();
      const file = fileURLToPath(new URL('./die-at-work.js', import.meta.url));
      const child = spawn(process.execPath, [file], {
        env: { REDIS_URL: server.url, REDIS_KEY_PREFIX: keyPrefix },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const survivor = await connectReplica(server, { keyPrefix, jobLockMs: 1_000 });
      try {
        const queue = survivor.queue();
        await queue.add({ name: 'wake-up' }, { id: 'run/1', payload: { number: 1 } });
        const [line] = (await once(child.stdout, 'data')) as [Buffer];
        assert.equal(line.toString(), 'at work\n');
        child.kill('SIGKILL');
        await once(child, 'exit');
        const seen: unknown[] = [];
        queue.work({ name: 'wake-up' }, { run: ({ id, payload }) => void seen.push([id, payload]) });
        queue.open();
        await until(() => seen.length > 0, 'the survivor took the job up');
        assert.deepEqual(seen, [['run/1', { number: 1 }]]);
      } finally {
        child.kill('SIGKILL');
        await survivor.stop();
      }
    });

    it('share the limit of a key', async () => {
      const keyPrefix = freshPrefix();
      const replicas = [await connectReplica(server, { keyPrefix }), await connectReplica(server, { keyPrefix })];
      const kind = { name: 'notify', rateLimit: { max: 2, perMs: 500 } };
      const startedAt: number[] = [];
      const queues = replicas.map((replica) => replica.queue());
      for (const queue of queues) {
        queue.work(kind, { concurrency: 5, run: () => void startedAt.push(Date.now()) });
        queue.open();
      }
      for (let number = 0; number < 6; number++) await queues[number % 2]?.add(kind, { payload: {}, rateKey: 'C1' });
      await until(() => startedAt.length === 6, 'all ran');
      for (let index = 2; index < 6; index++) {
        const apart = (startedAt[index] as number) - (startedAt[index - 2] as number);
        assert.ok(apart >= 450, `three started within ${apart} ms`);
      }
      for (const replica of replicas) await replica.stop();
    });

    it('make one job of what all ask for under one id, and never run it in two of them at a time', async () => {
      const keyPrefix = freshPrefix();
      const replicas = [await connectReplica(server, { keyPrefix }), await connectReplica(server, { keyPrefix })];
      const queues = replicas.map((replica) => replica.queue());
      const kind = { name: 'refresh' };
      const askAll = (times: number): Promise<unknown> =>
        Promise.all(
          Array.from({ length: times }, (_, number) =>
            queues[number % 2]?.add(kind, { id: 'incident/abc234', payload: {} }),
          ),
        );
      const running: (() => void)[] = [];
      let runs = 0;
      let most = 0;
      const run = async (): Promise<void> => {
        runs += 1;
        await new Promise<void>((resolve) => {
          running.push(resolve);
          most = Math.max(most, running.length);
        });
        running.shift();
      };
      await askAll(20);
      for (const queue of queues) {
        queue.work(kind, { concurrency: 5, run });
        queue.open();
      }
      await until(() => running.length === 1, 'it runs');
      await askAll(10);
      running[0]?.();
      await until(() => runs === 2 && running.length === 1, 'it runs once more, for those who asked meanwhile');
      running[0]?.();
      await until(() => running.length === 0, 'it has ended');
      await queues[0]?.add(kind, { id: 'incident/other2', payload: {} });
      await until(() => running.length === 1, 'another one runs');
      running[0]?.();
      assert.deepEqual([runs, most], [3, 1]);
      for (const replica of replicas) await replica.stop();
    });
  });
});
