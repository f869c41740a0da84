import assert from 'node:assert/strict';
import { isAppError, plainMessage } from '@dogwatch/core';
import type { Destination, IncomingMessage } from '@dogwatch/core';
import type { Writing } from '@dogwatch/testkit';
import { awaitThat } from './await-that.js';
import { startRig } from './telegram-rig.js';
import type { RigOptions, TelegramRig } from './telegram-rig.js';

describe('Telegram’s chats', () => {
  let rig: TelegramRig;
  let ops: number;
  let forum: number;
  let received: IncomingMessage[];

  async function start(options: RigOptions = {}): Promise<void> {
    rig = await startRig({
      ...options,
      configure: (telegram) => {
        ops = telegram.addGroup('ops', { type: 'group' });
        forum = telegram.addGroup('forum', { topics: [7, 8] });
        return {
          chats: [
            { id: ops, topic: null, post: true },
            { id: forum, topic: 7, post: true },
            { id: telegram.addGroup('talk'), topic: null, post: false },
          ],
          ...options.settings,
        };
      },
    });
    received = [];
    await rig.adapter.start((message) => {
      received.push(message);
      return Promise.resolve();
    });
  }
  beforeEach(() => start());
  afterEach(() => rig.stop());

  const say = (text: string, more: Partial<Writing> = {}): number | null =>
    rig.telegram.write({ chatId: ops, from: rig.anna.id, text, ...more });
  const lastIn = (chatId: number): string => rig.telegram.shown(chatId).at(-1)?.text ?? '';
  const to = (chatId: number, thread?: string): Destination => {
    const room = { channelType: 'telegram', room: String(chatId) };
    return thread === undefined ? room : { ...room, thread };
  };

  it('posts to the configured chats and topics, and to no chat that is there to talk only', () => {
    assert.deepEqual(rig.adapter.rooms, [to(ops), to(forum, '7')]);
  });

  it('says who can write to it: whom the settings name, members of a group, or anybody', async () => {
    assert.equal(rig.adapter.audience, 'members');
    await rig.stop();
    await start({ settings: { people: 'anyone' } });
    assert.equal(rig.adapter.audience, 'anybody');
    await rig.stop();
    await start({ settings: { chats: [{ id: 4242, topic: null, post: true }], people: [4242] } });
    assert.equal(rig.adapter.audience, 'named');
    await rig.stop();
    await start({ settings: { chats: [{ id: -100_123, topic: null, post: false }], people: [4242] } });
    assert.equal(rig.adapter.audience, 'members');
  });

  it('lets messages be sent where people may talk to it, and says for others what to do', async () => {
    const mistake = (id: number | string): string | null => rig.adapter.findRoomMistake(to(Number(id)));
    assert.equal(mistake(ops), null);
    assert.match(mistake(-100_999) ?? '', /Add it to 'telegram\.chats', with 'post: false'/);
    assert.match(mistake(rig.anna.id) ?? '', /Add the person to 'telegram\.people'/);
    assert.match(mistake('ops') ?? '', /no number of a chat/);
    await rig.stop();
    await start({ settings: { people: 'anyone' } });
    assert.equal(mistake(rig.anna.id), null);
  });

  it('takes a command of a group without the name of the bot, from the person who wrote it', async () => {
    say('/status@dogwatch_test_bot');
    await awaitThat(() => assert.equal(received.length, 1));
    const [message] = received;
    assert.equal(message?.text, '/status');
    assert.equal(message?.userId, String(rig.anna.id));
    assert.deepEqual(message?.metadata.destination, to(ops));
    assert.equal(message?.metadata.scope, 'room');
  });

  it('takes an answer to its own message, also without a name', async () => {
    const { messageId } = await rig.adapter.send(to(ops), plainMessage('Type: approve 7f3ka2 web'));
    say('approve 7f3ka2 web', { replyTo: Number(messageId) });
    await awaitThat(() => assert.equal(received[0]?.text, 'approve 7f3ka2 web'));
  });

  it('leaves what people say to each other alone, also when it hears everything', async () => {
    await rig.stop();
    await start({ telegram: { hasPrivacyMode: false } });
    say('good morning');
    say('/start@another_bot');
    say('/help');
    await awaitThat(() =>
      assert.deepEqual(
        received.map(({ text }) => text),
        ['/help'],
      ),
    );
  });

  it('keeps the topics of a forum apart, and answers in them', async () => {
    say('/status', { chatId: forum, threadId: 8 });
    await awaitThat(() => assert.equal(received.length, 1));
    const [message] = received;
    assert.deepEqual(message?.metadata.destination, to(forum, '8'));
    assert.equal(message?.metadata.scope, 'thread');
    await rig.adapter.send(to(forum, '8'), plainMessage('all well'));
    await rig.adapter.send(to(forum, '1'), plainMessage('the general topic has no number'));
    const shown = rig.telegram.shown(forum).slice(1);
    assert.deepEqual(
      shown.map(({ text, threadId }) => [text, threadId]),
      [
        ['all well', 8],
        ['the general topic has no number', null],
      ],
    );
  });

  it('tells an anonymous administrator that nobody can see who wrote', async () => {
    say('/pause', { asChat: true });
    await awaitThat(() => assert.match(lastIn(ops), /cannot tell who you are.*Remain anonymous/));
    assert.deepEqual(received, []);
  });

  it('turns people of a group away that is not configured, and says its number', async () => {
    const other = rig.telegram.addGroup('other');
    say('/pause', { chatId: other });
    await awaitThat(() => assert.match(lastIn(other), new RegExp(`not configured.*\n.*This chat's id is ${other}\\.`)));
    assert.deepEqual(received, []);
    const [line] = rig.logger.linesOf('channel.refused');
    assert.deepEqual(line?.fields, { channel: 'telegram', chat: other, user_id: String(rig.anna.id) });
  });

  it('turns a stranger away who writes to it alone, and says the numbers; people that are named may talk', async () => {
    const mallory = rig.telegram.addPerson('Mallory');
    say('approve 7f3ka2', { chatId: mallory.id, from: mallory.id });
    await awaitThat(() => assert.match(lastIn(mallory.id), new RegExp(`add ${mallory.id} to telegram\\.people`)));
    say('hello', { chatId: rig.bert.id, from: rig.bert.id });
    await awaitThat(() =>
      assert.deepEqual(
        received.map(({ userId }) => userId),
        [String(rig.bert.id)],
      ),
    );
  });

  it('leaves it to the approvers and users of Dogwatch who may talk, when anyone may', async () => {
    await rig.stop();
    await start({ settings: { people: 'anyone' } });
    const carl = rig.telegram.addPerson('Carl');
    say('hello', { chatId: carl.id, from: carl.id });
    await awaitThat(() =>
      assert.deepEqual(
        received.map(({ userId }) => userId),
        [String(carl.id)],
      ),
    );
  });

  it('does not let a stranger keep it busy', async () => {
    const mallory = rig.telegram.addPerson('Mallory');
    for (let count = 0; count < 50; count++) say('hello', { chatId: mallory.id, from: mallory.id });
    say('/status');
    await awaitThat(() => assert.equal(received.length, 1));
    const answers = rig.telegram.shown(mallory.id).filter(({ fromId }) => fromId === rig.telegram.bot.id);
    assert.ok(answers.length < 25, `${answers.length} answers`);
  });

  it('greets at /start, and says the numbers of chat, topic and person', async () => {
    say('/start@dogwatch_test_bot', { chatId: forum, threadId: 7 });
    const numbers = new RegExp(
      `This chat's id is ${'-\\d+'}\\. This topic's number is 7\\. Your user id is ${rig.anna.id}`,
    );
    await awaitThat(() => assert.match(lastIn(forum), numbers));
    assert.deepEqual(received, []);
  });

  it('follows a group that becomes a supergroup, says so, and lets its people talk', async () => {
    const { messageId } = await rig.adapter.send(to(ops), plainMessage('before'));
    const moved = rig.telegram.migrate(ops);
    await rig.adapter.send(to(ops), plainMessage('after'));
    assert.equal(lastIn(moved), 'after');
    const [line] = rig.logger.linesOf('telegram.chat-moved');
    assert.deepEqual(line?.fields, { chat: ops, new_chat: moved });
    assert.match(rig.connection.status.report().message, new RegExp(`${ops} has become ${moved}`));
    await rig.adapter.update({ destination: to(ops), messageId }, plainMessage('edited, but left behind'));
    assert.equal(lastIn(moved), 'edited, but left behind');
    say('/status', { chatId: moved });
    await awaitThat(() => assert.equal(received.length, 1));
  });

  it('says which chat has shut it out, until it is let in again', async () => {
    const health = (): string => JSON.stringify(rig.connection.status.report());
    rig.telegram.shutOut(ops);
    const failure = await rig.adapter.send(to(ops), plainMessage('hello')).catch((error: unknown) => error);
    assert.ok(isAppError(failure));
    assert.equal(failure.code, 'DW_TELEGRAM_CHAT_CLOSED');
    assert.equal(failure.isRetryable, false);
    assert.match(failure.message, /bot was kicked from the group chat/);
    await awaitThat(() => assert.match(health(), new RegExp(`degraded.*Chat ${ops} takes no messages`)));
    rig.telegram.shutOut(ops, false);
    await awaitThat(() => assert.match(health(), /"ok"/));
  });

  it('notices at once when it is blocked, without having to write', async () => {
    rig.telegram.shutOut(forum);
    await awaitThat(() => assert.match(rig.connection.status.report().message, /blocked there or not a member/));
  });
});
