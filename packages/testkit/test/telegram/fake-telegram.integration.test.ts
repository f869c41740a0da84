import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { FakeTelegram } from '@dogwatch/testkit';
import type { FakeTelegramOptions, TelegramUpdate, TelegramUser } from '@dogwatch/testkit';

interface Answer {
  readonly ok: boolean;
  readonly result?: unknown;
  readonly error_code?: number;
  readonly description?: string;
  readonly parameters?: Record<string, number>;
}

function assertIncludes(actual: unknown, expected: object): void {
  const fields = Object.keys(expected).map((key) => [key, (actual as Record<string, unknown> | undefined)?.[key]]);
  assert.deepEqual(Object.fromEntries(fields), expected);
}

describe('FakeTelegram', () => {
  let telegram: FakeTelegram;
  let anna: TelegramUser;

  async function start(options: FakeTelegramOptions = {}): Promise<void> {
    telegram = await FakeTelegram.start(options);
    anna = telegram.addPerson('Anna');
  }

  beforeEach(() => start());
  afterEach(() => telegram.stop());

  async function call(method: string, parameters: object = {}, token = telegram.token): Promise<Answer> {
    const answer = await fetch(`${telegram.apiRoot}/bot${token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
    });
    return (await answer.json()) as Answer;
  }

  const send = (text: string, more: object = {}): Promise<Answer> =>
    call('sendMessage', { chat_id: anna.id, text, ...more });

  async function refusalOf(answer: Promise<Answer>): Promise<string> {
    const { ok, error_code: code, description } = await answer;
    assert.equal(ok, false);
    return `${code} ${description}`;
  }

  async function poll(parameters: object = {}): Promise<readonly TelegramUpdate[]> {
    return (await call('getUpdates', parameters)).result as readonly TelegramUpdate[];
  }

  const write = (text: string): number | null => telegram.write({ chatId: anna.id, from: anna.id, text });

  it('says who the bot is, and knows no other token', async () => {
    assertIncludes((await call('getMe')).result, { id: telegram.bot.id, is_bot: true, username: 'dogwatch_test_bot' });
    assert.equal(await refusalOf(call('getMe', {}, '1:wrong')), '401 Unauthorized');
    assert.match(await refusalOf(call('noSuchThing')), /^404/);
  });

  it('takes parameters as JSON, as a form and in the address', async () => {
    const root = `${telegram.apiRoot}/bot${telegram.token}/sendMessage`;
    await fetch(`${root}?chat_id=${anna.id}&text=address`);
    const entities = JSON.stringify([{ type: 'bold', offset: 0, length: 4 }]);
    await fetch(root, {
      method: 'POST',
      body: new URLSearchParams({ chat_id: String(anna.id), text: 'form', entities }),
    });
    await send('json');
    const shown = telegram.shown(anna.id);
    assert.deepEqual(
      shown.map(({ text }) => text),
      ['address', 'form', 'json'],
    );
    assert.equal(shown[1]?.entities.length, 1);
    assert.deepEqual(
      telegram.calls.map(({ method, status }) => [method, status]),
      Array.from({ length: 3 }, () => ['sendMessage', 200]),
    );
  });

  describe('refuses a text', () => {
    const bold = (offset: number, length: number): object => ({ entities: [{ type: 'bold', offset, length }] });

    it('of more than 4096 UTF-16 units, and takes one of 4096', async () => {
      assert.equal(await refusalOf(send('x'.repeat(4_097))), '400 Bad Request: message is too long');
      assert.equal((await send('x'.repeat(4_096))).ok, true);
      assert.equal(await refusalOf(send('🐕'.repeat(2_049))), '400 Bad Request: message is too long');
    });

    it('of nothing but blanks', async () => {
      assert.equal(await refusalOf(send('')), '400 Bad Request: message text is empty');
      assert.equal(await refusalOf(send(' \n ')), '400 Bad Request: text must be non-empty');
    });

    it('with half a symbol', async () => {
      assert.equal(await refusalOf(send('\ud83d')), '400 Bad Request: strings must be encoded in UTF-8');
    });

    it('whose entities are out of bounds or cut a symbol', async () => {
      assert.equal(await refusalOf(send('abc', bold(1, 3))), '400 Bad Request: ENTITY_BOUNDS_INVALID');
      assert.equal(await refusalOf(send('abc', bold(0, 0))), '400 Bad Request: ENTITY_BOUNDS_INVALID');
      assert.match(await refusalOf(send('a🐕b', bold(2, 2))), /entity begins in a middle of a UTF-16 symbol/);
      assert.match(await refusalOf(send('a🐕b', bold(0, 2))), /ends in a middle of a UTF-16 symbol/);
      assert.equal((await send('a🐕b', bold(1, 2))).ok, true);
    });
  });

  it('drops blanks around a text and the entities after the hundredth', async () => {
    const entities = Array.from({ length: 101 }, (_, index) => ({ type: 'bold', offset: index + 1, length: 1 }));
    await send(` ${'x'.repeat(101)}  `, { entities });
    const [shown] = telegram.shown(anna.id);
    assert.equal(shown?.text, 'x'.repeat(101));
    assert.equal(shown?.entities.length, 100);
    assertIncludes(shown?.entities[0], { offset: 0 });
  });

  it('refuses buttons whose data are longer than 64 bytes', async () => {
    const markup = (data: string): object => ({
      reply_markup: { inline_keyboard: [[{ text: 'go', callback_data: data }]] },
    });
    assert.equal(await refusalOf(send('a', markup('x'.repeat(65)))), '400 Bad Request: BUTTON_DATA_INVALID');
    assert.equal(await refusalOf(send('a', markup('é'.repeat(33)))), '400 Bad Request: BUTTON_DATA_INVALID');
    assert.equal((await send('a', markup('x'.repeat(64)))).ok, true);
  });

  it('edits what is there and different, and nothing else', async () => {
    const { message_id: id } = (await send('one')).result as { message_id: number };
    const edit = (message_id: number, text: string): Promise<Answer> =>
      call('editMessageText', { chat_id: anna.id, message_id, text });
    assert.match(await refusalOf(edit(id, 'one')), /^400 Bad Request: message is not modified/);
    assert.equal(await refusalOf(edit(id + 1, 'two')), '400 Bad Request: message to edit not found');
    assert.equal((await edit(id, 'two')).ok, true);
    assert.equal(telegram.shown(anna.id).length, 1);
    assertIncludes(telegram.shown(anna.id)[0], { text: 'two', isEdited: true });
    write('mine');
    const mine = telegram.shown(anna.id)[1]?.messageId as number;
    assert.equal(await refusalOf(edit(mine, 'yours')), "400 Bad Request: message can't be edited");
  });

  it('gives a pressed button to the bot, and takes one answer to it', async () => {
    await send('choose', { reply_markup: { inline_keyboard: [[{ text: 'go', callback_data: 'g' }]] } });
    const [shown] = telegram.shown(anna.id);
    const press = { chatId: anna.id, messageId: shown?.messageId as number, from: anna.id, data: 'g' };
    const id = telegram.press(press);
    assertIncludes((await poll())[0]?.callback_query, { id, data: 'g', from: anna });
    assert.equal((await call('answerCallbackQuery', { callback_query_id: id, text: 'ok' })).ok, true);
    assert.deepEqual(telegram.callbackAnswer(id), { text: 'ok', isAlert: false });
    assert.match(await refusalOf(call('answerCallbackQuery', { callback_query_id: id })), /query is too old/);
    await call('editMessageReplyMarkup', { chat_id: anna.id, message_id: press.messageId });
    assert.throws(() => telegram.press(press), /shows no button 'g'/);
    telegram.press({ ...press, isStale: true });
  });

  it('answers for chats that are closed, unknown, moved or without that topic', async () => {
    const old = telegram.addGroup('ops', { type: 'group' });
    const moved = telegram.migrate(old);
    const answer = await call('sendMessage', { chat_id: old, text: 'hello' });
    assertIncludes(answer, { error_code: 400, parameters: { migrate_to_chat_id: moved } });
    telegram.shutOut(anna.id);
    telegram.shutOut(moved);
    assert.equal(await refusalOf(send('hello')), '403 Forbidden: bot was blocked by the user');
    assert.equal(
      await refusalOf(call('sendMessage', { chat_id: moved, text: 'a' })),
      '403 Forbidden: bot was kicked from the supergroup chat',
    );
    assert.equal(await refusalOf(call('sendMessage', { chat_id: 1, text: 'a' })), '400 Bad Request: chat not found');
    const forum = telegram.addGroup('forum', { topics: [7] });
    assert.equal(
      await refusalOf(call('sendMessage', { chat_id: forum, message_thread_id: 8, text: 'a' })),
      '400 Bad Request: message thread not found',
    );
    await call('sendMessage', { chat_id: forum, message_thread_id: 7, text: 'a' });
    assert.equal(telegram.shown(forum)[0]?.threadId, 7);
  });

  it('tells how long to wait when messages come too fast', async () => {
    await telegram.stop();
    let now = 1_000_000;
    await start({ floodLimits: [{ messages: 1, perMs: 1_000 }], now: () => now });
    await send('one');
    assertIncludes(await send('two'), { error_code: 429, parameters: { retry_after: 1 } });
    now += 1_000;
    assert.equal((await send('two')).ok, true);
  });

  it('fails as it is told to', async () => {
    telegram.failNext({ method: 'getMe', errorCode: 429, description: 'Too Many', parameters: { retry_after: 3 } });
    telegram.failNext({ method: 'getMe', kind: 'cut' });
    telegram.failNext({ method: 'getMe', kind: 'garbage', errorCode: 502 });
    assertIncludes(await call('getMe'), { error_code: 429, parameters: { retry_after: 3 } });
    assert.equal(await call('getMe').catch(() => 'cut'), 'cut');
    assert.equal(await call('getMe').catch((error: unknown) => (error as Error).name), 'SyntaxError');
    assert.equal((await call('getMe')).ok, true);
  });

  it('names what a text does besides being shown', async () => {
    await send('see @somebody and https://evil.example');
    await send('@somebody https://evil.example', { entities: [{ type: 'pre', offset: 0, length: 30 }] });
    await send('all well', { entities: [{ type: 'text_link', offset: 0, length: 3, url: 'https://evil.example' }] });
    assert.deepEqual(
      telegram.shown(anna.id).map(({ effects }) => effects),
      [['mentions @somebody', 'previews https://evil.example'], [], ['text_link https://evil.example']],
    );
  });

  describe('by getUpdates', () => {
    it('gives what the offset has not confirmed, again and again', async () => {
      const [first, second] = [write('one'), write('two')];
      assert.deepEqual(
        (await poll()).map(({ update_id: id }) => id),
        [first, second],
      );
      assert.deepEqual(
        (await poll({ offset: first })).map(({ update_id: id }) => id),
        [first, second],
      );
      assert.deepEqual(
        (await poll({ offset: second })).map(({ update_id: id }) => id),
        [second],
      );
      assert.deepEqual(await poll({ offset: (second as number) + 1 }), []);
      assert.equal(telegram.pendingUpdates, 0);
    });

    it('waits for the next update, and for no longer than asked', async () => {
      assert.deepEqual(await poll({ timeout: 0.01 }), []);
      const waiting = poll({ timeout: 30 });
      await pause(5);
      write('hello');
      assertIncludes((await waiting)[0]?.message, { text: 'hello' });
    });

    it('ends a poll when another one begins', async () => {
      const first = call('getUpdates', { timeout: 30 });
      while (telegram.calls.length < 1) await pause(1);
      await pause(5);
      const second = poll({ timeout: 30 });
      assert.match(await refusalOf(first), /^409 Conflict: terminated by other getUpdates request/);
      write('hello');
      assert.equal((await second).length, 1);
    });

    it('gives the kinds that were asked for alone', async () => {
      await poll({ allowed_updates: ['callback_query'] });
      assert.equal(write('unheard'), null);
      await poll({ allowed_updates: [] });
      assert.equal(typeof write('heard'), 'number');
    });

    it('refuses while a webhook is set', async () => {
      await call('setWebhook', { url: 'https://bot.example/' });
      assert.match(await refusalOf(call('getUpdates')), /^409 Conflict: can't use getUpdates method while webhook/);
      await call('deleteWebhook');
      assert.deepEqual(await poll(), []);
    });
  });

  describe('by webhook', () => {
    let server: Server;
    let received: { readonly headers: IncomingMessage['headers']; readonly text: string }[];
    let status: number;

    beforeEach(async () => {
      received = [];
      status = 200;
      server = createServer((request, response) => {
        let text = '';
        request.on('data', (chunk: Buffer) => (text += chunk.toString()));
        request.on('end', () => {
          received.push({ headers: request.headers, text });
          response.writeHead(status).end();
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      await telegram.stop();
      const local = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await start({ webhookRetryMs: 5, routeWebhook: (url) => url.replace('https://bot.example', local) });
    });
    afterEach(() => server.close());

    async function until(check: () => boolean): Promise<void> {
      while (!check()) await pause(1);
    }

    it('wants https, a usual port and a plain secret', async () => {
      assert.match(await refusalOf(call('setWebhook', { url: 'http://bot.example/' })), /HTTPS URL must be provided/);
      assert.match(await refusalOf(call('setWebhook', { url: 'https://bot.example:8081/' })), /only on ports/);
      assert.match(
        await refusalOf(call('setWebhook', { url: 'https://bot.example/', secret_token: 'a b' })),
        /unallowed characters/,
      );
    });

    it('sends every update with the secret until it is taken, in order', async () => {
      status = 503;
      await call('setWebhook', { url: 'https://bot.example/hook', secret_token: 'abc' });
      write('one');
      write('two');
      await until(() => received.length >= 3);
      assert.equal(telegram.pendingUpdates, 2);
      const info = (await call('getWebhookInfo')).result;
      assertIncludes(info, { last_error_message: 'Wrong response from the webhook: 503', pending_update_count: 2 });
      status = 200;
      await until(() => telegram.pendingUpdates === 0);
      assert.equal(
        received.every(({ headers }) => headers['x-telegram-bot-api-secret-token'] === 'abc'),
        true,
      );
      const texts = received.map(({ text }) => (JSON.parse(text) as TelegramUpdate).message?.text);
      assert.equal(texts.at(-1), 'two');
      assert.equal(
        texts.slice(0, -1).every((text) => text === 'one'),
        true,
      );
    });
  });

  describe('in a group', () => {
    it('keeps from a bot in privacy mode what is not meant for it', async () => {
      const group = telegram.addGroup('ops');
      const say = (text: string, more: object = {}): number | null =>
        telegram.write({ chatId: group, from: anna.id, text, ...more });
      assert.equal(say('good morning'), null);
      assert.equal(say('/status@another_bot'), null);
      assert.equal(typeof say('/status'), 'number');
      assert.equal(typeof say('/status@dogwatch_test_bot'), 'number');
      assert.equal(typeof say('hey @dogwatch_test_bot'), 'number');
      await call('sendMessage', { chat_id: group, text: 'question' });
      const question = telegram.shown(group).at(-1)?.messageId as number;
      assert.equal(typeof say('an answer', { replyTo: question }), 'number');
    });

    it('shows an anonymous administrator as the group', async () => {
      const group = telegram.addGroup('ops');
      telegram.write({ chatId: group, from: anna.id, text: '/status', asChat: true });
      const [update] = await poll();
      assertIncludes(update?.message?.from, { is_bot: true });
      assertIncludes(update?.message?.sender_chat, { id: group });
    });
  });
});
