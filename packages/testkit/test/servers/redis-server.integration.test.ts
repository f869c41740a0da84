import assert from 'node:assert/strict';
import process from 'node:process';
import { needsRedis, RedisServer } from '@dogwatch/testkit';

needsRedis(process, (program) => {
  describe('a Redis server of a test', () => {
    let server: RedisServer | null = null;
    afterEach(() => server?.close());

    it('answers commands, and says what it refuses', async () => {
      server = await RedisServer.start(program);
      assert.equal(await server.command('SET', 'key', 'ü'), '+OK');
      assert.equal(await server.command('GET', 'key'), '$2\r\nü');
      await assert.rejects(server.command('NONSENSE'), /unknown command/);
    });

    it('that is durable keeps what it answered through kill -9', async () => {
      server = await RedisServer.start(program, { isDurable: true });
      await server.command('SET', 'key', 'value');
      await server.kill9();
      await server.restart();
      assert.equal(await server.command('GET', 'key'), '$5\r\nvalue');
    });

    it('that is not durable forgets when it stops', async () => {
      server = await RedisServer.start(program);
      const { url } = server;
      await server.command('SET', 'key', 'value');
      await server.stop();
      await server.restart();
      assert.equal(server.url, url);
      assert.equal(await server.command('GET', 'key'), '$-1');
    });

    it('keeps still while it is frozen', async () => {
      server = await RedisServer.start(program);
      server.freeze();
      let isAnswered = false;
      const reply = server.command('PING').then((text) => {
        isAnswered = true;
        return text;
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(isAnswered, false);
      server.thaw();
      assert.equal(await reply, '+PONG');
    });
  });
});
