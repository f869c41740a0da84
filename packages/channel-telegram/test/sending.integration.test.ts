import assert from 'node:assert/strict';
import { isAppError, plainMessage } from '@dogwatch/core';
import type { Destination, MessageButton, OutgoingMessage } from '@dogwatch/core';
import { startRig } from './telegram-rig.js';
import type { TelegramRig } from './telegram-rig.js';

const approve: MessageButton = { label: 'Approve', action: 'approve', approvalId: '7f3ka2' };
const lines = (count: number): string => Array.from({ length: count }, (_, index) => `line number ${index}`).join('\n');

describe('sending to Telegram', () => {
  let rig: TelegramRig;
  let room: Destination;
  let group: number;

  beforeEach(async () => {
    rig = await startRig({
      telegram: {
        floodLimits: [
          { messages: 1, perMs: 1_000 },
          { messages: 20, perMs: 60_000, inGroups: true },
        ],
      },
    });
    room = { channelType: 'telegram', room: String(rig.anna.id) };
    group = rig.telegram.addGroup('ops');
  });
  afterEach(() => rig.stop());

  const shown = (chatId = rig.anna.id): readonly string[] => rig.telegram.shown(chatId).map(({ text }) => text);
  const long = (count: number): OutgoingMessage => ({
    ...plainMessage('look'),
    blocks: [{ kind: 'code', text: lines(count) }],
    buttons: [approve],
  });

  it('needs no start: a process that takes no input can post', async () => {
    await rig.adapter.send(room, plainMessage('hello'));
    assert.deepEqual(shown(), ['hello']);
  });

  it('is never refused for being too fast, and keeps the order', async () => {
    const texts = Array.from({ length: 25 }, (_, index) => `message ${index}`);
    const destination = { channelType: 'telegram', room: String(group) };
    await Promise.all(texts.map((text) => rig.adapter.send(destination, plainMessage(text))));
    assert.deepEqual(shown(group), texts);
    assert.deepEqual(
      rig.telegram.calls.filter(({ status }) => status === 429),
      [],
    );
  });

  it('waits as long as Telegram says, and keeps the order', async () => {
    rig.telegram.failNext({
      method: 'sendMessage',
      errorCode: 429,
      description: 'Too Many',
      parameters: { retry_after: 30 },
    });
    const before = rig.clock.now();
    await Promise.all(['one', 'two'].map((text) => rig.adapter.send(room, plainMessage(text))));
    assert.deepEqual(shown(), ['one', 'two']);
    assert.ok(rig.clock.now() - before >= 30_000);
  });

  it('gives a message back that would have to wait for long, and says for how long', async () => {
    const parameters = { retry_after: 600 };
    rig.telegram.failNext({ method: 'sendMessage', errorCode: 429, description: 'Too Many Requests', parameters });
    const failure = await rig.adapter.send(room, plainMessage('one')).catch((error: unknown) => error);
    assert.ok(isAppError(failure));
    assert.deepEqual([failure.code, failure.isRetryable, failure.retryAfterMs], ['DW_TELEGRAM_BUSY', true, 600_000]);
    const second = await rig.adapter.send(room, plainMessage('two')).catch((error: unknown) => error);
    assert.ok(isAppError(second) && second.code === 'DW_TELEGRAM_BUSY');
    assert.equal(rig.telegram.calls.length, 1);
    await rig.clock.sleep(600_000);
    await rig.adapter.send(room, plainMessage('three'));
    assert.deepEqual(shown(), ['three']);
  });

  it('says that a send may be tried again when the network or the server fails, and that it may not when it is refused', async () => {
    const errorOf = async (): Promise<unknown> =>
      rig.adapter.send(room, plainMessage('x')).catch((error: unknown) => error);
    for (const kind of ['cut', 'garbage'] as const) {
      rig.telegram.failNext({ method: 'sendMessage', kind });
      const failure = await errorOf();
      assert.ok(isAppError(failure));
      assert.deepEqual([failure.code, failure.isRetryable], ['DW_TELEGRAM_UNREACHABLE', true]);
    }
    rig.telegram.failNext({ method: 'sendMessage', description: 'Bad Request: something new' });
    const refused = await errorOf();
    assert.ok(isAppError(refused));
    assert.deepEqual([refused.code, refused.isRetryable], ['DW_TELEGRAM_REFUSED', false]);
    assert.match(refused.message, /something new/);
  });

  it('sends no preview of links and no markup to parse', async () => {
    await rig.adapter.send(room, plainMessage('see https://example.org'));
    const parameters = rig.telegram.calls[0]?.parameters ?? {};
    assert.deepEqual(parameters['link_preview_options'], { is_disabled: true });
    assert.ok(!('parse_mode' in parameters));
    assert.deepEqual(rig.telegram.shown(rig.anna.id)[0]?.effects, []);
  });

  it('sends a long message as several, with the buttons under the last', async () => {
    const reference = await rig.adapter.send(room, long(500));
    const messages = rig.telegram.shown(rig.anna.id);
    assert.equal(messages.length, 2);
    assert.deepEqual(
      messages.map(({ buttons }) => buttons.length),
      [0, 1],
    );
    const { messageId } = reference;
    assert.equal(messageId, messages.map((message) => message.messageId).join(','));
    for (const line of lines(500).split('\n')) assert.ok(shown().join('\n').includes(line), line);
  });

  it('changes all messages of a long one, and removes those that are not needed any more', async () => {
    const first = await rig.adapter.send(room, long(500));
    const second = await rig.adapter.update(first, { ...long(450), buttons: [] });
    assert.equal(rig.telegram.shown(rig.anna.id).length, 2);
    assert.ok(!shown().join('\n').includes('line number 499'));
    const third = await rig.adapter.update(second, plainMessage('done'));
    assert.deepEqual(shown(), ['done']);
    assert.equal(third.messageId, first.messageId?.split(',')[0]);
  });

  it('shortens what no longer fits where it stands, and says so', async () => {
    const reference = await rig.adapter.send(room, plainMessage('short'));
    await rig.adapter.update(reference, long(2_000));
    const [message, ...others] = rig.telegram.shown(rig.anna.id);
    assert.deepEqual(others, []);
    assert.match(message?.text ?? '', /^look\n\nline number 0\n[^]*… \d+ more characters: see the Dogwatch console$/);
    assert.equal(message?.buttons.length, 1);
  });

  it('completes a draft with the whole answer: the first part where it stands, the others after it in its topic', async () => {
    const forum = rig.telegram.addGroup('forum', { topics: [7] });
    const topic = { channelType: 'telegram', room: String(forum), thread: '7' };
    const draft = await rig.adapter.send(topic, plainMessage('line number 0 …'));
    const answer = plainMessage(lines(700));
    const reference = await rig.adapter.complete(draft, answer);
    assert.equal(shown(forum).length, 3);
    assert.equal(shown(forum).join('\n'), lines(700));
    const posts = rig.telegram.calls.filter(({ method }) => method === 'sendMessage');
    assert.deepEqual(
      posts.map(({ parameters }) => parameters['message_thread_id']),
      [7, 7, 7],
    );
    assert.equal(reference.messageId?.split(',')[0], draft.messageId);
    assert.deepEqual(await rig.adapter.complete(reference, answer), reference);
    assert.equal(shown(forum).length, 3);
  });

  it('tries the rest of a long message again, without its beginning', async () => {
    for (const kind of ['cut', 'garbage'] as const) {
      const before = shown().length;
      rig.telegram.failNext({ method: 'sendMessage', after: 1, kind });
      const reference = await rig.adapter.send(room, long(500));
      assert.equal(shown().length, before + 2, kind);
      assert.equal(reference.messageId?.split(',').length, 2);
    }
  });

  it('does not fail when the rest is refused, which would have the beginning posted twice, and keeps the buttons', async () => {
    rig.telegram.failNext({ method: 'sendMessage', after: 1, description: 'Bad Request: something new' });
    const reference = await rig.adapter.send(room, long(500));
    const [message, ...others] = rig.telegram.shown(rig.anna.id);
    assert.deepEqual(others, []);
    assert.equal(reference.messageId, String(message?.messageId));
    assert.equal(message?.buttons.length, 1);
    assert.ok(rig.logger.lines.some(({ event }) => event === 'telegram.rest-lost'));
  });

  it('takes it well when a message is as it should be already', async () => {
    const reference = await rig.adapter.send(room, plainMessage('same'));
    assert.deepEqual(await rig.adapter.update(reference, plainMessage('same')), reference);
    assert.deepEqual(shown(), ['same']);
  });

  it('posts a long message anew when a part of it was removed, and leaves none of the old', async () => {
    const reference = await rig.adapter.send(room, long(500));
    rig.telegram.remove(rig.anna.id, Number(reference.messageId?.split(',')[0]));
    await rig.adapter.update(reference, plainMessage('done'));
    assert.deepEqual(shown(), ['done']);
  });

  it('refuses a room that is no chat of Telegram', async () => {
    for (const name of ['console', '12x', '', '@channel']) {
      const failure = await rig.adapter
        .send({ channelType: 'telegram', room: name }, plainMessage('lost'))
        .catch((error: unknown) => error);
      assert.ok(isAppError(failure) && failure.code === 'DW_CHANNEL_DESTINATION', name);
    }
  });
});
