import assert from 'node:assert/strict';
import { AppError } from '@dogwatch/core';
import type { IncomingMessage } from '@dogwatch/core';
import { awaitThat } from './await-that.js';
import { WEBHOOK_SECRET, startRig } from './telegram-rig.js';
import type { TelegramRig } from './telegram-rig.js';

const down = new AppError('DW_LOG_UNAVAILABLE', 'The store does not answer.', { isRetryable: true });

describe('Telegram by webhook', () => {
  let rig: TelegramRig;
  let received: IncomingMessage[];

  beforeEach(async () => {
    rig = await startRig({ mode: 'webhook' });
    received = [];
  });
  afterEach(() => rig.stop());

  const texts = (): readonly string[] => received.map(({ text }) => text);
  const write = (text: string): number | null => rig.telegram.write({ chatId: rig.anna.id, from: rig.anna.id, text });
  const keep = (message: IncomingMessage): Promise<void> => {
    received.push(message);
    return Promise.resolve();
  };

  async function ready(): Promise<void> {
    await awaitThat(() => assert.equal(rig.connection.status.report().status, 'ok'));
  }

  function post(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(rig.webhookUrl as string, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  const update = (id: number): object => ({
    update_id: id,
    message: {
      message_id: id,
      chat: { id: rig.anna.id, type: 'private' },
      from: { id: rig.anna.id, is_bot: false },
      text: 'forged',
    },
  });
  const right = { 'x-telegram-bot-api-secret-token': WEBHOOK_SECRET };

  it('registers its address, secret and wishes with Telegram', async () => {
    await rig.adapter.start(keep);
    await ready();
    const call = rig.telegram.calls.find(({ method }) => method === 'setWebhook');
    assert.deepEqual(call?.parameters, {
      url: 'https://dogwatch.example/api/webhook/telegram',
      secret_token: WEBHOOK_SECRET,
      allowed_updates: ['message', 'callback_query', 'my_chat_member'],
    });
  });

  it('registers as soon as Telegram answers', async () => {
    rig.telegram.failNext({ kind: 'cut', times: 3 });
    await rig.adapter.start(keep);
    await ready();
    rig.telegram.failNext({ method: 'setWebhook', errorCode: 400, description: 'Bad Request: bad webhook' });
    await rig.adapter.stop();
    await rig.adapter.start(keep);
    await awaitThat(() => assert.equal(rig.telegram.calls.filter(({ method }) => method === 'setWebhook').length, 3));
    await ready();
  });

  for (const [name, headers] of [
    ['no secret', {}],
    ['an empty secret', { 'x-telegram-bot-api-secret-token': '' }],
    ['a wrong secret', { 'x-telegram-bot-api-secret-token': 'a-secret-of-these-test5' }],
    ['the beginning of the secret', { 'x-telegram-bot-api-secret-token': WEBHOOK_SECRET.slice(0, -1) }],
  ] as const) {
    it(`refuses a request with ${name}, logs it, and does nothing`, async () => {
      await rig.adapter.start(keep);
      await ready();
      const answer = await post(update(1), headers);
      assert.equal(answer.status, 403);
      const { error } = (await answer.json()) as { error: { code: string } };
      assert.equal(error.code, 'DW_TELEGRAM_WEBHOOK_SECRET');
      assert.equal(rig.logger.linesOf('telegram.webhook-refused').length, 1);
      assert.ok(!JSON.stringify(rig.logger.lines).includes(WEBHOOK_SECRET));
      assert.equal((await post(update(2), right)).status, 200);
      assert.equal(received.length, 1);
    });
  }

  it('ignores what bots write and press, and posts of channels', async () => {
    await rig.adapter.start(keep);
    await ready();
    const chat = { id: rig.anna.id, type: 'private' };
    const bot = { id: 777, is_bot: true };
    const message = { message_id: 1, chat, from: bot, text: '/status' };
    const press = { id: '1', from: bot, data: 'a:7f3ka2', message };
    const channelPost = { ...message, chat: { id: -100_5, type: 'channel' }, from: { id: rig.anna.id, is_bot: false } };
    assert.equal((await post({ update_id: 1, message }, right)).status, 200);
    assert.equal((await post({ update_id: 2, callback_query: press }, right)).status, 200);
    assert.equal((await post({ update_id: 3, message: channelPost }, right)).status, 200);
    assert.equal((await post(update(4), right)).status, 200);
    assert.deepEqual(
      received.map(({ text }) => text),
      ['forged'],
    );
  });

  it('answers 200 only after the message is stored', async () => {
    let store = (): void => undefined;
    await rig.adapter.start(async (message) => {
      await new Promise<void>((resolve) => (store = resolve));
      await keep(message);
    });
    await ready();
    const answer = post(update(1), right);
    let hasAnswered = false;
    void answer.then(() => (hasAnswered = true));
    await rig.clock.sleep(60_000);
    assert.equal(hasAnswered, false);
    store();
    assert.equal((await answer).status, 200);
    assert.equal(received.length, 1);
  });

  it('answers 503 while the store cannot take it, and gets it again', async () => {
    let isDown = true;
    await rig.adapter.start((message) => (isDown ? Promise.reject(down) : keep(message)));
    await ready();
    const answer = await post(update(1), right);
    assert.equal(answer.status, 503);
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
    write('hello');
    await awaitThat(() => assert.ok(rig.telegram.deliveries.some(({ status }) => status === 503)));
    isDown = false;
    await awaitThat(() => assert.deepEqual(texts(), ['hello']));
    await awaitThat(() => assert.equal(rig.telegram.pendingUpdates, 0));
  });

  it('answers 503 before it is started and after it is stopped', async () => {
    assert.equal((await post(update(1), right)).status, 503);
    await rig.adapter.start(keep);
    await ready();
    await rig.adapter.stop();
    assert.equal((await post(update(1), right)).status, 503);
    assert.deepEqual(received, []);
  });

  it('leaves aside what it cannot read, so that it does not come for ever', async () => {
    await rig.adapter.start(keep);
    await ready();
    assert.equal((await post({ update_id: 'x' }, right)).status, 200);
    assert.equal((await post({ update_id: 1, message: { text: 5 } }, right)).status, 200);
    assert.equal((await post('{', right)).status, 400);
    assert.deepEqual(received, []);
    assert.equal(rig.logger.linesOf('telegram.update-unreadable').length, 2);
  });
});
