import assert from 'node:assert/strict';
import { plainMessage } from '@dogwatch/core';
import type { IncomingMessage, MessageButton, MessageReference } from '@dogwatch/core';
import type { SlackButton } from '@dogwatch/testkit';
import { ANNA, BERT, ROOM, startSlackRig } from './slack-rig.js';
import type { SlackRig } from './slack-rig.js';

const approve: MessageButton = { label: 'Approve', action: 'approve', approvalId: '7f3ka2' };
const reject: MessageButton = { label: 'Reject', action: 'reject', approvalId: '7f3ka2' };

describe('a press of a button in Slack', () => {
  let rig: SlackRig;
  let received: readonly IncomingMessage[];

  beforeEach(async () => {
    rig = await startSlackRig('http');
    received = await rig.record();
  });
  afterEach(() => rig.close());

  async function ask(buttons: readonly MessageButton[] = [approve, reject]): Promise<MessageReference> {
    const room = rig.channel.rooms[0];
    assert.ok(room);
    return rig.channel.send(room, { ...plainMessage('Restart api?'), title: 'Approve?', buttons });
  }

  const shown = (): readonly SlackButton[] => rig.slack.view(ROOM).buttons;
  const buttonAt = (index: number): SlackButton => shown()[index] as SlackButton;

  async function until(condition: () => boolean, what: string): Promise<void> {
    for (let turn = 0; turn < 2_000 && !condition(); turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.ok(condition(), what);
  }

  it('arrives as its words, and takes the buttons off at once', async () => {
    const { messageId } = await ask();
    await rig.slack.press(ANNA, buttonAt(0));
    const [message] = received as readonly [IncomingMessage];
    assert.equal(message.text, 'approve 7f3ka2');
    assert.equal(message.userId, ANNA);
    assert.equal(message.metadata.isButton, true);
    assert.equal(message.metadata.isConfirmed, undefined);
    assert.deepEqual(message.metadata.destination, { channelType: 'slack', room: ROOM, thread: messageId });
    await until(() => shown().length === 0, 'the buttons are still shown');
    const { text } = rig.slack.view(ROOM);
    assert.ok(text.includes('Restart api?') && text.includes(ANNA) && text.includes('approved'), text);
  });

  it('carries the same id at a redelivery after 0, 1 and 5 minutes, and another press another', async () => {
    await ask();
    const payload = rig.slack.pressPayload(ANNA, buttonAt(0));
    const later = rig.slack.pressPayload(ANNA, buttonAt(0));
    for (const minutes of [0, 1, 4]) {
      await rig.clock.advance(minutes * 60_000 + 1_000);
      assert.equal((await rig.slack.deliver(payload)).status, 200);
    }
    await rig.slack.deliver(later);
    const ids = received.map(({ metadata }) => metadata.messageId);
    assert.equal(new Set(ids.slice(0, 3)).size, 1);
    assert.notEqual(ids[3], ids[0]);
    assert.ok(ids.every((id) => id !== null));
  });

  it('of high risk opens the dialog of Slack, and arrives confirmed', async () => {
    await ask([{ ...approve, confirm: 'This is of high risk. Roll web back?' }, reject]);
    assert.equal(buttonAt(0).confirm?.text, 'This is of high risk. Roll web back?');
    assert.equal(buttonAt(1).confirm, null);
    await rig.slack.press(ANNA, buttonAt(0));
    assert.equal(received[0]?.metadata.isConfirmed, true);
  });

  it('never overwrites what is shown afterwards', async () => {
    const reference = await ask();
    await rig.channel.stop();
    await rig.channel.start(async () => {
      // Decided and announced before the press is even acknowledged.
      void rig.channel.update(reference, plainMessage('Approved by anna.'));
    });
    await rig.slack.press(ANNA, buttonAt(0));
    await until(() => rig.slack.view(ROOM).text.includes('Approved by anna.'), 'the decision is not shown');
    await rig.clock.advance(60_000);
    assert.equal(rig.slack.view(ROOM).text, 'Approved by anna.');
    assert.deepEqual(shown(), []);
  });

  it('that changed nothing gives the buttons back to the others', async () => {
    await ask();
    await rig.slack.press(BERT, buttonAt(0));
    await until(() => shown().length === 0, 'the buttons are still shown');
    await rig.clock.advance(9_000);
    assert.equal(shown().length, 0);
    await rig.clock.advance(2_000);
    await until(() => shown().length === 2, 'the buttons are not back');
    assert.ok(!rig.slack.view(ROOM).text.includes('pressed'), rig.slack.view(ROOM).text);
  });

  it('that another replica has answered meanwhile gives nothing back', async () => {
    const { messageId } = await ask();
    await rig.slack.press(ANNA, buttonAt(0));
    await until(() => shown().length === 0, 'the buttons are still shown');
    const message = rig.slack.workspace.find(ROOM, messageId ?? '');
    assert.ok(message);
    rig.slack.workspace.replace(message, { text: 'Approved by anna.', blocks: [] });
    await rig.clock.advance(11_000);
    const looks = (): number => rig.slack.calls.filter(({ method }) => method === 'conversations.replies').length;
    await until(() => looks() === 2, 'nobody looked again');
    assert.equal(rig.slack.view(ROOM).text, 'Approved by anna.');
  });

  it('made before an edit, or delivered again after it, changes nothing that is shown', async () => {
    const reference = await ask();
    const late = rig.slack.pressPayload(BERT, buttonAt(0));
    await rig.channel.update(reference, plainMessage('Approved by anna.'));
    for (const retryNum of [1, 2]) {
      const looks = rig.slack.calls.length;
      assert.equal((await rig.slack.deliver(late, { retryNum })).status, 200);
      await until(() => rig.slack.calls.length > looks, 'nobody looked');
      await rig.clock.advance(11_000);
      assert.equal(rig.slack.view(ROOM).text, 'Approved by anna.');
    }
  });

  it('that cannot be stored leaves the buttons where they are', async () => {
    await ask();
    await rig.channel.stop();
    await rig.channel.start(() => Promise.reject(new Error('the disk is full')));
    assert.equal((await rig.slack.press(ANNA, buttonAt(0))).status, 503);
    await rig.clock.advance(1_000);
    assert.equal(shown().length, 2);
  });
});
