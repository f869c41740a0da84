import assert from 'node:assert/strict';
import { AppError, plainMessage } from '@dogwatch/core';
import type { Destination, IncomingMessage, MessageButton, OutgoingMessage } from '@dogwatch/core';
import { RESTORE_AFTER_MS } from '../dist/pressed-keyboards.js';
import { awaitThat } from './await-that.js';
import { makeReplica, startRig, telegramSettings } from './telegram-rig.js';
import type { TelegramRig } from './telegram-rig.js';

const approve: MessageButton = { label: 'Approve', action: 'approve', approvalId: '7f3ka2' };
const down = new AppError('DW_LOG_UNAVAILABLE', 'The store does not answer.', { isRetryable: true });

describe('Telegram’s buttons', () => {
  let rig: TelegramRig;
  let room: Destination;
  let received: IncomingMessage[];
  let outcome: (message: IncomingMessage) => Promise<void>;

  beforeEach(async () => {
    rig = await startRig();
    room = { channelType: 'telegram', room: String(rig.anna.id) };
    received = [];
    outcome = () => Promise.resolve();
    await rig.adapter.start(async (message) => {
      received.push(message);
      await outcome(message);
    });
  });
  afterEach(() => rig.stop());

  const question = (button: MessageButton = approve): OutgoingMessage => ({
    ...plainMessage('Roll back web?'),
    buttons: [button, { ...button, label: 'Reject', action: 'reject' }],
  });
  const buttons = (): readonly string[] =>
    rig.telegram.shown(rig.anna.id).flatMap((message) => message.buttons.map(({ text }) => text));

  async function ask(button: MessageButton = approve) {
    const reference = await rig.adapter.send(room, question(button));
    const messageId = Number(reference.messageId);
    const data = rig.telegram.shown(rig.anna.id).at(-1)?.buttons[0]?.data ?? '';
    const press = { chatId: rig.anna.id, messageId, from: rig.anna.id, data };
    return { reference, press };
  }

  const answerTo = async (id: string): Promise<string> => {
    await awaitThat(() => assert.notEqual(rig.telegram.callbackAnswer(id), null));
    return rig.telegram.callbackAnswer(id)?.text ?? '';
  };

  it('vanish when one is pressed, and the phone says that it was received', async () => {
    const { press } = await ask();
    const id = rig.telegram.press(press);
    assert.equal(await answerTo(id), 'Received: approve 7f3ka2');
    await awaitThat(() => assert.deepEqual(buttons(), []));
    assert.equal(received.length, 1);
    assert.equal(received[0]?.text, 'approve 7f3ka2');
    assert.equal(received[0]?.metadata.isButton, true);
  });

  it('come back when the press has changed nothing, so that another person can decide', async () => {
    const { press } = await ask();
    rig.telegram.press(press);
    await awaitThat(() => assert.deepEqual(buttons(), []));
    await rig.clock.sleep(RESTORE_AFTER_MS);
    await awaitThat(() => assert.deepEqual(buttons(), ['Approve', 'Reject']));
  });

  it('stay away when the message has been changed since', async () => {
    const { press, reference } = await ask();
    rig.telegram.press(press);
    await awaitThat(() => assert.deepEqual(buttons(), []));
    await rig.adapter.update(reference, plainMessage('Approved by Anna.'));
    await rig.clock.sleep(2 * RESTORE_AFTER_MS);
    assert.deepEqual(buttons(), []);
    assert.equal(rig.telegram.shown(rig.anna.id).at(-1)?.text, 'Approved by Anna.');
  });

  it('stay away when another replica has answered meanwhile', async () => {
    const { press, reference } = await ask();
    rig.telegram.press(press);
    await awaitThat(() => assert.deepEqual(buttons(), []));
    const other = makeReplica(rig, { settings: telegramSettings({ chats: [] }) });
    await other.adapter.update(reference, plainMessage('Approved by Anna.'));
    rig.offered.decided.add('7f3ka2');
    await rig.clock.sleep(RESTORE_AFTER_MS);
    await awaitThat(() => assert.equal(rig.offered.asked, 1));
    await rig.clock.sleep(RESTORE_AFTER_MS);
    assert.deepEqual(buttons(), []);
    assert.equal(rig.telegram.shown(rig.anna.id).at(-1)?.text, 'Approved by Anna.');
  });

  it('stay away, and the log says so, when nobody can tell whether it is still undecided', async () => {
    const { press } = await ask();
    rig.offered.failure = down;
    rig.telegram.press(press);
    await awaitThat(() => assert.deepEqual(buttons(), []));
    await rig.clock.sleep(RESTORE_AFTER_MS);
    await awaitThat(() => assert.ok(rig.logger.lines.some(({ event }) => event === 'telegram.buttons-lost')));
    assert.deepEqual(buttons(), []);
  });

  it('are what the message says when it was changed before the press was stored', async () => {
    const { press, reference } = await ask();
    const again: MessageButton = { ...approve, label: 'Ask again', action: 'ask-again' };
    outcome = async () => {
      await rig.adapter.update(reference, { ...plainMessage('Expired.'), buttons: [again] });
    };
    await answerTo(rig.telegram.press(press));
    await rig.clock.sleep(2 * RESTORE_AFTER_MS);
    assert.deepEqual(buttons(), ['Ask again']);
  });

  it('stay when a press alone does not decide, and the phone says what to do', async () => {
    const { press } = await ask({ ...approve, confirm: 'Roll back web in production?' });
    const answer = await answerTo(rig.telegram.press(press));
    assert.match(answer, /^High risk: a press is not enough\. Reply to this message/);
    assert.deepEqual(buttons(), ['Approve', 'Reject']);
    assert.equal(received.length, 1);
    assert.notEqual(received[0]?.metadata.isConfirmed, true);
  });

  it('are answered also when the store cannot take the press, which then comes again', async () => {
    const { press } = await ask();
    let tries = 0;
    outcome = () => (tries++ === 0 ? Promise.reject(down) : Promise.resolve());
    assert.match(await answerTo(rig.telegram.press(press)), /cannot take this just now/);
    await awaitThat(() => assert.equal(received.length, 2));
    assert.equal(received[0]?.metadata.messageId, received[1]?.metadata.messageId);
    await awaitThat(() => assert.deepEqual(buttons(), []));
  });

  it('are answered also when the press cannot be handled', async () => {
    const { press } = await ask();
    outcome = () => Promise.reject(new Error('broken'));
    assert.match(await answerTo(rig.telegram.press(press)), /could not be handled/);
    assert.deepEqual(buttons(), ['Approve', 'Reject']);
  });

  it('are answered also when they mean nothing, and nothing is done', async () => {
    const { press } = await ask();
    const id = rig.telegram.press({ ...press, data: 'delete everything', isStale: true });
    assert.match(await answerTo(id), /means nothing/);
    assert.deepEqual(received, []);
  });

  it('are given on when pressed late, so that the late one hears who has decided', async () => {
    const { press, reference } = await ask();
    await rig.adapter.update(reference, plainMessage('Approved by Bert.'));
    await answerTo(rig.telegram.press({ ...press, isStale: true }));
    assert.equal(received.length, 1);
    assert.equal(rig.telegram.shown(rig.anna.id).at(-1)?.text, 'Approved by Bert.');
  });

  it('do nothing in a chat that is not configured', async () => {
    const group = rig.telegram.addGroup('other');
    const id = rig.telegram.press({ chatId: group, messageId: 1, from: rig.anna.id, data: 'a:7f3ka2', isStale: true });
    await awaitThat(() => assert.notEqual(rig.telegram.callbackAnswer(id), null));
    assert.deepEqual(received, []);
  });

  it('lose no update when the answer comes too late for Telegram', async () => {
    const { press } = await ask();
    rig.telegram.failNext({
      method: 'answerCallbackQuery',
      description: 'Bad Request: query is too old and response timeout expired or query ID is invalid',
    });
    rig.telegram.press(press);
    rig.telegram.write({ chatId: rig.anna.id, from: rig.anna.id, text: 'next' });
    await awaitThat(() =>
      assert.deepEqual(
        received.map(({ text }) => text),
        ['approve 7f3ka2', 'next'],
      ),
    );
    await awaitThat(() => assert.equal(rig.telegram.pendingUpdates, 0));
  });
});
