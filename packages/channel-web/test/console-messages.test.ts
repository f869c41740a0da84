import assert from 'node:assert/strict';
import { plainMessage } from '@dogwatch/core';
import type { IncomingMessage } from '@dogwatch/core';
import type { ConsoleMessage } from '@dogwatch/channel-web';
import { TOKEN, startConsoleServer } from './console-server.js';
import type { ConsoleServer } from './console-server.js';

const path = '/api/console/messages';
const room = { channelType: 'web', room: 'console' };
const button = { label: 'Approve', action: 'approve', approvalId: '7f3ka2' } as const;

describe('/api/console/messages', () => {
  let server: ConsoleServer;
  let anna: Readonly<Record<string, string>>;
  let received: IncomingMessage[];

  beforeEach(async () => {
    server = await startConsoleServer();
    anna = await server.login('anna');
    received = [];
    await server.channel.start((message) => {
      received.push(message);
      return Promise.resolve();
    });
  });
  afterEach(() => server.stop());

  const write = (body: unknown, headers = anna): Promise<Response> =>
    server.get(path, { method: 'POST', headers, body: JSON.stringify(body) });
  const list = async (headers: Readonly<Record<string, string>>): Promise<readonly ConsoleMessage[]> => {
    const answer = await server.get(path, { headers });
    assert.equal(answer.status, 200);
    return ((await answer.json()) as { items: readonly ConsoleMessage[] }).items;
  };

  it('shows and takes nothing without a session', async () => {
    assert.equal((await server.get(path)).status, 401);
    const answer = await write({ text: '/status' }, { 'content-type': 'application/json', cookie: '', origin: '' });
    assert.equal(answer.status, 401);
    assert.deepEqual(received, []);
  });

  it('takes nothing that another site sends with the cookie', async () => {
    const answer = await write({ text: 'approve 7f3ka2' }, { ...anna, origin: 'https://evil.example' });
    assert.equal(answer.status, 403);
    assert.deepEqual(received, []);
  });

  it('takes words from people only: a bearer token has no name', async () => {
    const answer = await write({ text: '/status' }, { authorization: `Bearer ${TOKEN}` });
    assert.equal(answer.status, 403);
    const { error } = (await answer.json()) as { error: { code: string } };
    assert.equal(error.code, 'DW_CHANNEL_SESSION');
    assert.deepEqual(received, []);
  });

  it('answers what was written as the message that others of the same name see', async () => {
    const answer = await write({ text: 'hello' });
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), (await list(anna))[0]);
    const [message] = (await list(anna)) as readonly [ConsoleMessage];
    const { room: own, author, text, editedAt } = message;
    assert.deepEqual(
      { own, author, text, editedAt },
      { own: 'user:anna', author: 'anna', text: 'hello', editedAt: null },
    );
  });

  it('shows to each their own conversation and what is meant for all, newest first', async () => {
    await server.channel.send(room, plainMessage('for all'));
    await write({ text: 'from anna' });
    const bert = await server.login('bert');
    await write({ text: 'from bert' }, bert);
    assert.deepEqual(
      (await list(anna)).map(({ text }) => text),
      ['from anna', 'for all'],
    );
    assert.deepEqual(
      (await list(bert)).map(({ text }) => text),
      ['from bert', 'for all'],
    );
    const script = await list({ authorization: `Bearer ${TOKEN}` });
    assert.deepEqual(
      script.map(({ text }) => text),
      ['for all'],
    );
  });

  it('keeps the newest messages of a room, and a changed one where it stands', async () => {
    const references = [];
    for (let index = 0; index < 12; index++) {
      references.push(await server.channel.send(room, plainMessage(`message ${index}`)));
    }
    await server.channel.update(references[5] as (typeof references)[0], plainMessage('changed'));
    const texts = (await list(anna)).map(({ text }) => text);
    assert.equal(texts.length, 10);
    assert.equal(texts[0], 'message 11');
    assert.equal(texts.at(-1), 'message 2');
    assert.equal(texts[6], 'changed');
  });

  it('refuses what is no message, with its path', async () => {
    for (const body of [{}, { text: '' }, { text: 7 }, { text: 'x'.repeat(4_001) }, { text: 'x', room: 'user:bert' }]) {
      const answer = await write(body);
      assert.equal(answer.status, 422, JSON.stringify(body).slice(0, 40));
    }
    assert.deepEqual(received, []);
  });

  it('refuses a button that no message shows to this person any more', async () => {
    const reference = await server.channel.send(room, { ...plainMessage('decide'), buttons: [button] });
    const press = { messageId: reference.messageId, action: 'approve', approvalId: '7f3ka2' };
    const other = await server.channel.send(
      { channelType: 'web', room: 'user:bert' },
      { ...plainMessage('x'), buttons: [button] },
    );
    for (const wrong of [
      { ...press, action: 'reject' },
      { ...press, approvalId: 'aaaaaa' },
      { ...press, messageId: 'no-such-message' },
      { ...press, messageId: other.messageId },
    ]) {
      assert.equal((await write(wrong)).status, 409, JSON.stringify(wrong));
    }
    assert.deepEqual(received, []);
    assert.equal((await write(press)).status, 204);
    assert.deepEqual(
      received.map(({ text }) => text),
      ['approve 7f3ka2'],
    );
  });

  it('answers 503 with Retry-After while the channel takes nothing', async () => {
    await server.channel.stop();
    const answer = await write({ text: '/status' });
    assert.equal(answer.status, 503);
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
    assert.deepEqual(await list(anna), []);
  });

  it('says which rooms there are to send to', () => {
    const mistake = (room: string): string | null | undefined =>
      server.channel.findRoomMistake?.({ channelType: 'web', room });
    assert.deepEqual([mistake('console'), mistake('user:anna')], [null, null]);
    assert.match(mistake('consle') ?? '', /Its rooms: console, and user:<name>/);
  });

  it('refuses rooms that it does not have', async () => {
    const wrong = await server.channel
      .send({ channelType: 'web', room: 'basement' }, plainMessage('lost'))
      .catch((error: Error & { code?: string }) => error.code);
    assert.equal(wrong, 'DW_CHANNEL_DESTINATION');
  });
});

describe('the event `message` of /api/stream', () => {
  it('comes to those who may see the message, and to nobody else', async () => {
    const server = await startConsoleServer();
    const away = new AbortController();
    try {
      const openStream = async (name: string): Promise<ReadableStreamDefaultReader<Uint8Array>> => {
        const headers = await server.login(name);
        const answer = await server.get('/api/stream', { headers, signal: away.signal });
        return (answer.body as ReadableStream<Uint8Array>).getReader();
      };
      const [anna, bert] = [await openStream('anna'), await openStream('bert')];
      const readUntil = async (reader: typeof anna, wanted: string): Promise<string> => {
        let text = '';
        while (!text.includes(wanted)) text += new TextDecoder().decode((await reader.read()).value);
        return text;
      };
      await readUntil(anna, 'connected');
      await readUntil(bert, 'connected');
      await server.channel.send({ channelType: 'web', room: 'user:anna' }, plainMessage('only for anna'));
      await server.channel.send(room, plainMessage('for all'));
      const [toAnna, toBert] = [await readUntil(anna, 'for all'), await readUntil(bert, 'for all')];
      assert.match(toAnna, /event: message\ndata: \{.*"text":"only for anna"/);
      assert.ok(!toBert.includes('only for anna'));
    } finally {
      away.abort();
      await server.stop();
    }
  });
});
