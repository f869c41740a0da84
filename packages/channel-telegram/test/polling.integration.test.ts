import assert from 'node:assert/strict';
import { AppError, MemoryLeaseStore } from '@dogwatch/core';
import type { IncomingMessage } from '@dogwatch/core';
import { awaitThat } from './await-that.js';
import { makeReplica, startRig, telegramSettings } from './telegram-rig.js';
import type { RigOptions, TelegramRig } from './telegram-rig.js';

const down = new AppError('DW_LOG_UNAVAILABLE', 'The store does not answer.', { isRetryable: true });

describe('Telegram by long polling', () => {
  let rig: TelegramRig;
  let received: IncomingMessage[];

  async function start(options: RigOptions = {}): Promise<void> {
    rig = await startRig(options);
    received = [];
  }
  afterEach(() => rig.stop());

  const texts = (): readonly string[] => received.map(({ text }) => text);
  const write = (text: string): number | null => rig.telegram.write({ chatId: rig.anna.id, from: rig.anna.id, text });
  const keep = (message: IncomingMessage): Promise<void> => {
    received.push(message);
    return Promise.resolve();
  };
  const health = (): string => {
    const { status, message } = rig.connection.status.report();
    return `${status}: ${message}`;
  };

  it('names each message by bot and update, so that a repetition is recognised', async () => {
    await start();
    const updateId = write('hello');
    await rig.adapter.start(keep);
    await awaitThat(() => assert.deepEqual(texts(), ['hello']));
    const [message] = received;
    assert.equal(message?.metadata.messageId, `${rig.telegram.bot.id}:${updateId}`);
    assert.equal(message?.metadata.scope, 'direct');
  });

  it('asks for messages, presses and memberships alone', async () => {
    await start();
    await rig.adapter.start(keep);
    await awaitThat(() => assert.ok(rig.telegram.calls.some(({ method }) => method === 'getUpdates')));
    const poll = rig.telegram.calls.find(({ method }) => method === 'getUpdates');
    assert.deepEqual(poll?.parameters['allowed_updates'], ['message', 'callback_query', 'my_chat_member']);
  });

  it('does not take edited messages, nor what has no text', async () => {
    await start();
    await rig.adapter.start(keep);
    write('first');
    const [shown] = rig.telegram.shown(rig.anna.id);
    rig.telegram.edit(rig.anna.id, shown?.messageId as number, 'changed');
    write('second');
    await awaitThat(() => assert.deepEqual(texts(), ['first', 'second']));
  });

  it('confirms nothing that has not been stored, and tries it again', async () => {
    await start();
    let isDown = true;
    for (const text of ['one', 'two', 'three']) write(text);
    await rig.adapter.start((message) => (isDown && message.text === 'two' ? Promise.reject(down) : keep(message)));
    await awaitThat(() => assert.match(health(), /^degraded: .*store cannot take them/));
    assert.deepEqual(texts(), ['one']);
    assert.equal(rig.telegram.pendingUpdates, 3);
    isDown = false;
    await awaitThat(() => assert.deepEqual(texts(), ['one', 'two', 'three']));
    await awaitThat(() => assert.equal(rig.telegram.pendingUpdates, 0));
    await awaitThat(() => assert.match(health(), /^ok: .*@dogwatch_test_bot polls/));
  });

  it('gets the rest of a batch after a restart in the middle of it, and nothing of what was stored', async () => {
    await start();
    for (const text of ['one', 'two', 'three']) write(text);
    await rig.adapter.start((message) => (message.text === 'two' ? Promise.reject(down) : keep(message)));
    await awaitThat(() => assert.match(health(), /store cannot take them/));
    await rig.adapter.stop();
    assert.equal(rig.telegram.pendingUpdates, 2);
    await rig.adapter.start(keep);
    await awaitThat(() => assert.deepEqual(texts(), ['one', 'two', 'three']));
  });

  it('gets everything that was not confirmed again after a crash, under the same ids', async () => {
    await start();
    const ids = ['one', 'two'].map((text) => write(text));
    await rig.adapter.start((message) => (message.text === 'two' ? Promise.reject(down) : keep(message)));
    await awaitThat(() => assert.match(health(), /store cannot take them/));
    const { connection, adapter } = makeReplica(rig, {
      settings: telegramSettings({ chats: [{ id: rig.anna.id, topic: null, post: true }] }),
    });
    await adapter.start(keep);
    const expected = [ids[0], ids[0], ids[1]].map((id) => `${rig.telegram.bot.id}:${id}`);
    await awaitThat(() =>
      assert.deepEqual(
        received.map(({ metadata }) => metadata.messageId),
        expected,
      ),
    );
    await adapter.stop();
    assert.equal(connection.status.report().status, 'ok');
  });

  it('survives another poller, says so, and goes on when that one is gone', async () => {
    await start();
    await rig.adapter.start(keep);
    rig.telegram.failNext({
      method: 'getUpdates',
      times: 1_000,
      errorCode: 409,
      description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    });
    write('wake the waiting poll');
    await awaitThat(() => assert.match(health(), /^degraded: .*another program polls with the same bot token/));
    write('hello');
    rig.telegram.stopFailing();
    await awaitThat(() => assert.ok(texts().includes('hello')));
    await awaitThat(() => assert.match(health(), /^ok/));
  });

  async function setWebhook(url: string): Promise<void> {
    const { telegram } = rig;
    await fetch(`${telegram.apiRoot}/bot${telegram.token}/setWebhook?url=${encodeURIComponent(url)}`);
  }

  it('removes the webhook that Dogwatch itself had set', async () => {
    await start({ telegram: { routeWebhook: () => 'http://127.0.0.1:9/' } });
    await setWebhook('https://dogwatch.example/api/webhook/telegram');
    await rig.adapter.start(keep);
    write('hello');
    await awaitThat(() => assert.deepEqual(texts(), ['hello']));
  });

  it('leaves the webhook of another program alone, and names its host', async () => {
    await start({ telegram: { routeWebhook: () => 'http://127.0.0.1:9/' } });
    await setWebhook('https://other.example/hidden-path-f00');
    await rig.adapter.start(keep);
    await awaitThat(() => assert.match(health(), /^degraded: .*a webhook at other\.example gets the updates/));
    assert.ok(!health().includes('hidden-path'));
    assert.ok(!rig.telegram.calls.some(({ method }) => method === 'deleteWebhook'));
  });

  it('outlives a dead network, a proxy that answers nonsense, and a server in trouble', async () => {
    await start();
    rig.telegram.failNext({ kind: 'cut', times: 3 });
    rig.telegram.failNext({ kind: 'garbage', times: 2 });
    rig.telegram.failNext({ kind: 'garbage', errorCode: 200, times: 2 });
    rig.telegram.failNext({
      errorCode: 429,
      description: 'Too Many Requests',
      parameters: { retry_after: 5 },
      times: 2,
    });
    await rig.adapter.start(keep);
    write('hello');
    await awaitThat(() => assert.deepEqual(texts(), ['hello']));
  });

  it('says that the token is wrong', async () => {
    await start();
    rig.telegram.failNext({ method: 'getMe', errorCode: 401, description: 'Unauthorized', times: 1_000 });
    await rig.adapter.start(keep);
    await awaitThat(() => assert.match(health(), /^down: .*Unauthorized.*TELEGRAM_BOT_TOKEN/));
  });

  it('never tells the token, whatever fails', async () => {
    await start();
    const { telegram, adapter, anna, logger } = rig;
    const said: string[] = [];
    const kinds = [
      { kind: 'cut' },
      { kind: 'garbage', errorCode: 502 },
      { kind: 'garbage', errorCode: 200 },
      { errorCode: 401, description: 'Unauthorized' },
      { errorCode: 404, description: 'Not Found' },
      { errorCode: 500, description: 'Internal Server Error' },
    ] as const;
    for (const failure of kinds) {
      telegram.failNext({ method: 'getMe', ...failure });
      telegram.failNext({ method: 'getUpdates', ...failure });
      telegram.failNext({ method: 'sendMessage', ...failure });
      const destination = { channelType: 'telegram', room: String(anna.id) };
      const message = { title: null, severity: null, text: 'hello', facts: [], blocks: [], buttons: [] };
      await adapter.send(destination, message).catch((error: unknown) => {
        said.push(String((error as Error).stack), JSON.stringify(error));
      });
    }
    await adapter.start(keep);
    write('hello');
    await awaitThat(() => assert.deepEqual(texts(), ['hello']));
    for (const { fields, ...line } of logger.lines) {
      const causes = Object.values(fields).map((value) => (value instanceof Error ? String(value.stack) : value));
      said.push(JSON.stringify({ line, fields, causes }));
    }
    said.push(health());
    const [, secretPart = ''] = telegram.token.split(':');
    assert.equal(said.length > 12, true);
    for (const line of said) assert.ok(!line.includes(secretPart), line);
  });

  describe('with two replicas and one lease', () => {
    it('lets one poll; the other takes over when that one stops', async () => {
      await start();
      const leases = new MemoryLeaseStore(rig.clock);
      const settings = telegramSettings({ chats: [{ id: rig.anna.id, topic: null, post: true }] });
      const [first, second] = [makeReplica(rig, { settings, leases }), makeReplica(rig, { settings, leases })];
      await first.adapter.start(keep);
      await awaitThat(() => assert.match(first.connection.status.report().message, /polls for updates/));
      await second.adapter.start((message) => keep({ ...message, text: `second: ${message.text}` }));
      await awaitThat(() =>
        assert.match(second.connection.status.report().message, /^Telegram: another replica polls/),
      );
      write('one');
      await awaitThat(() => assert.deepEqual(texts(), ['one']));
      assert.deepEqual(
        rig.telegram.calls.filter(({ status }) => status === 409),
        [],
      );
      await first.adapter.stop();
      write('two');
      await awaitThat(() => assert.deepEqual(texts(), ['one', 'second: two']));
      await second.adapter.stop();
    });
  });
});
