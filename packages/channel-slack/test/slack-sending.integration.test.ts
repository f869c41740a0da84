import assert from 'node:assert/strict';
import { isAppError, plainMessage } from '@dogwatch/core';
import type { Destination } from '@dogwatch/core';
import { ANNA, BERT, ELSEWHERE, ROOM, startSlackRig } from './slack-rig.js';
import type { SlackRig } from './slack-rig.js';

const room: Destination = { channelType: 'slack', room: ROOM };

describe('what is sent to Slack', () => {
  let rig: SlackRig;

  beforeEach(async () => {
    rig = await startSlackRig('http');
    await rig.record();
  });
  afterEach(() => rig.close());

  const posts = () => rig.slack.calls.filter(({ method }) => method === 'chat.postMessage');

  it('goes out once a second and is never refused for its rate', async () => {
    rig.slack.isRateLimited = true;
    await Promise.all(['one', 'two', 'three', 'four'].map((text) => rig.channel.send(room, plainMessage(text))));
    assert.deepEqual(
      posts().map(({ answer }) => answer),
      Array(4).fill('ok'),
    );
    assert.equal(rig.slack.view(ROOM).text, 'one\ntwo\nthree\nfour');
  });

  it('waits as long as a 429 says, and keeps its order', async () => {
    rig.slack.refuse('chat.postMessage', { status: 429, retryAfterSeconds: 30 });
    await Promise.all(['one', 'two'].map((text) => rig.channel.send(room, plainMessage(text))));
    const [first, second, third] = posts();
    assert.deepEqual([first?.answer, second?.answer, third?.answer], ['429', 'ok', 'ok']);
    assert.ok((second?.at ?? 0) - (first?.at ?? 0) >= 30_000);
    assert.equal(rig.slack.view(ROOM).text, 'one\ntwo');
  });

  it('continues in the thread of its beginning when it is long', async () => {
    const { messageId } = await rig.channel.send(room, plainMessage('z'.repeat(19_000)));
    const messages = rig.slack.messages(ROOM);
    assert.ok(messages.length > 1);
    assert.deepEqual(
      messages.map(({ threadTs }) => threadTs),
      [null, ...Array(messages.length - 1).fill(messageId)],
    );
  });

  it('completes a draft with the whole answer: the rest of it follows in the same thread, or under the draft', async () => {
    const { messageId: begun } = await rig.channel.send(room, plainMessage('a question'));
    for (const destination of [room, { ...room, thread: begun ?? '' }]) {
      const draft = await rig.channel.send(destination, plainMessage('z …'));
      const before = rig.slack.messages(ROOM).length;
      assert.deepEqual(await rig.channel.complete?.(draft, plainMessage('z'.repeat(19_000))), draft);
      const thread = destination.thread ?? draft.messageId;
      const rest = rig.slack.messages(ROOM).slice(before);
      assert.deepEqual(
        rest.map(({ threadTs }) => threadTs),
        [thread],
      );
    }
    assert.equal(rig.slack.view(ROOM).text.match(/z/g)?.length, 2 * 19_000);
    assert.doesNotMatch(rig.slack.view(ROOM).text, /cut here/);
  });

  it('goes into the thread that the destination names', async () => {
    const { messageId } = await rig.channel.send(room, plainMessage('an incident'));
    await rig.channel.send({ ...room, thread: messageId ?? '' }, plainMessage('details'));
    assert.equal(rig.slack.messages(ROOM).at(-1)?.threadTs, messageId);
  });

  it('reaches a person, and edits there', async () => {
    const bert: Destination = { channelType: 'slack', room: BERT };
    const reference = await rig.channel.send(bert, plainMessage('your turn'));
    await rig.channel.update(reference, plainMessage('done'));
    assert.equal(rig.slack.view(rig.slack.workspace.directChannel(BERT).id).text, 'done');
  });

  it('may be sent to people and to rooms whose people are answered; for others it says what to do', () => {
    const mistake = (id: string): string | null | undefined => rig.channel.findRoomMistake?.({ ...room, room: id });
    for (const id of [ROOM, ANNA, rig.direct]) assert.equal(mistake(id), null);
    assert.match(mistake(ELSEWHERE) ?? '', /Add it to 'slack\.rooms', or to 'slack\.answerIn'/);
    assert.match(mistake('#general') ?? '', /no id such as 'C0123456789'/);
  });

  it('can be answered by whoever is in the workspace, which the channel says', () => {
    assert.equal(rig.channel.audience, 'members');
  });

  it('is posted anew when the message to edit was deleted', async () => {
    const reference = await rig.channel.send(room, plainMessage('waiting'));
    rig.slack.workspace.remove(ROOM, reference.messageId ?? '');
    const anew = await rig.channel.update(reference, plainMessage('decided'));
    assert.notEqual(anew.messageId, reference.messageId);
    assert.equal(rig.slack.view(ROOM).text, 'decided');
  });

  it('says what Slack refuses, and what to do', async () => {
    const error: unknown = await rig.channel
      .send({ channelType: 'slack', room: 'C0NOWHERE1' }, plainMessage('?'))
      .catch((thrown: unknown) => thrown);
    assert.ok(isAppError(error) && error.code === 'DW_SLACK_REFUSED' && !error.isRetryable);
    assert.match(error.message, /channel_not_found.*invite/s);
  });

  it('is tried again while Slack cannot be reached, and fails as something to try later', async () => {
    rig.slack.refuse('chat.postMessage', { status: 500, times: 2 });
    await rig.channel.send(room, plainMessage('at last'));
    assert.equal(rig.slack.view(ROOM).text, 'at last');
    rig.slack.isDown = true;
    const error: unknown = await rig.channel.send(room, plainMessage('?')).catch((thrown: unknown) => thrown);
    rig.slack.isDown = false;
    assert.ok(isAppError(error) && error.code === 'DW_SLACK_UNAVAILABLE' && error.isRetryable);
  });

  it('shows no token in the log', async () => {
    rig.slack.refuse('chat.postMessage', { status: 500, times: 9 });
    await rig.channel.send(room, plainMessage('?')).catch(String);
    await rig.slack.say({ user: ANNA, channel: rig.direct, text: 'hello' });
    const lines = JSON.stringify(rig.logger.lines);
    for (const secret of [rig.slack.botToken, rig.slack.signingSecret]) assert.ok(!lines.includes(secret));
  });
});
