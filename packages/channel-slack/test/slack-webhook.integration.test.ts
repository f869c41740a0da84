import assert from 'node:assert/strict';
import { AppError } from '@dogwatch/core';
import type { IncomingMessage } from '@dogwatch/core';
import { encodeAction } from '../dist/button-action.js';
import { ANNA, BERT, ELSEWHERE, ROOM, startSlackRig } from './slack-rig.js';
import type { SlackRig } from './slack-rig.js';

describe('the webhook of Slack', () => {
  let rig: SlackRig;
  let received: readonly IncomingMessage[];

  beforeEach(async () => {
    rig = await startSlackRig('http');
    received = await rig.record();
  });
  afterEach(() => rig.close());

  const mention = (text: string): string => `<@${rig.slack.workspace.app.botUserId}> ${text}`;

  it('answers the verification of its address', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'c-1', token: 't' });
    const { status, body: answer } = await rig.slack.postRaw(body, 'application/json');
    assert.deepEqual({ status, answer }, { status: 200, answer: { challenge: 'c-1' } });
  });

  it('refuses wrong signatures, old timestamps, changed and replayed bodies with 401, logs them and processes nothing', async () => {
    const { slack, clock, logger } = rig;
    const say = () => slack.wordsPayload({ user: ANNA, channel: rig.direct, text: 'approve 7f3ka2' });
    const now = Math.floor(clock.now() / 1_000);
    const outcomes = [
      await slack.deliver(say(), { secret: 'guessed-secret' }),
      await slack.deliver(say(), { timestamp: now - 301 }),
      await slack.deliver(say(), { tamperedBody: '{"type":"event_callback"}' }),
    ];
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      [401, 401, 401],
    );
    assert.deepEqual(received, []);
    const payload = say();
    assert.equal((await slack.deliver(payload)).status, 200);
    assert.equal((await slack.deliver(payload)).status, 401);
    assert.equal(received.length, 1);
    const reasons = logger.linesOf('slack.request-refused').map(({ fields }) => fields['reason']);
    assert.deepEqual(reasons, ['signature', 'timestamp', 'signature', 'replay']);
    const { text: metrics } = await rig.metrics.render();
    assert.match(metrics, /dogwatch_slack_refused_requests_total\{reason="replay"\} 1/);
  });

  it('refuses with 401 what another replica took in the very same delivery, but not what Slack says that it delivers again', async () => {
    const { slack, channel, logger } = rig;
    await channel.stop();
    const ids: (string | undefined)[] = [];
    await channel.start(({ metadata }) => {
      ids.push(metadata.deliveryId);
      return Promise.reject(new AppError('DW_CHANNEL_REPLAYED', 'It was taken before.'));
    });
    const button = slack.workspace.post({ channel: rig.direct, user: ANNA, text: 'old' });
    const press = slack.pressPayload(ANNA, {
      channel: rig.direct,
      ts: button.ts,
      actionId: encodeAction({ label: 'Approve', action: 'approve', approvalId: '7f3ka2' }),
      blockId: null,
      value: '7f3ka2',
      label: 'Approve',
      confirm: null,
    });
    const payloads = [
      slack.wordsPayload({ user: ANNA, channel: rig.direct, text: 'status' }),
      slack.commandPayload({ user: ANNA, channel: ROOM, command: '/k8s', text: 'scale web 3' }),
      press,
    ];
    for (const payload of payloads) {
      assert.equal((await slack.deliver(payload)).status, 401);
      assert.equal((await slack.deliver(payload, { retryNum: 1 })).status, 200);
      assert.equal((await slack.deliver(payload)).status, 401);
    }
    const reasons = logger.linesOf('slack.request-refused').map(({ fields }) => fields['reason']);
    assert.deepEqual(reasons, Array(6).fill('replay'));
    assert.deepEqual(logger.linesOf('channel.inbound-failed'), []);
    // The last of each three was known to this replica by itself.
    assert.deepEqual(ids.length, 6);
    assert.equal(new Set(ids).size, 3);
  });

  it('says 503 while a message cannot be stored, and takes it when it comes again', async () => {
    await rig.channel.stop();
    let isBroken = true;
    const taken: string[] = [];
    await rig.channel.start(({ text }) => {
      if (isBroken) return Promise.reject(new Error('the disk is full'));
      taken.push(text);
      return Promise.resolve();
    });
    const payload = rig.slack.wordsPayload({ user: ANNA, channel: rig.direct, text: 'status' });
    assert.equal((await rig.slack.deliver(payload)).status, 503);
    isBroken = false;
    // Slack repeats at once: within the same second the signature is the same.
    assert.equal((await rig.slack.deliver(payload, { retryNum: 1 })).status, 200);
    assert.deepEqual(taken, ['status']);
  });

  it('gives the id of the event at every redelivery, after 0, 1 and 5 minutes', async () => {
    const payload = rig.slack.wordsPayload({ user: ANNA, channel: rig.direct, text: 'status' });
    for (const [retryNum, minutes] of [0, 1, 4, 1].entries()) {
      await rig.clock.advance(minutes * 60_000);
      const retry = retryNum === 0 ? {} : { retryNum };
      assert.equal((await rig.slack.deliver(payload, retry)).status, 200);
      await rig.clock.advance(1_000);
    }
    const ids = received.map(({ metadata }) => metadata.messageId);
    assert.deepEqual(ids, Array(4).fill(payload.body['event_id']));
  });

  it('tells direct messages, rooms and threads apart', async () => {
    const { slack, direct } = rig;
    const post = slack.workspace.post({ channel: ROOM, user: slack.workspace.app.botUserId, text: 'incident' });
    await slack.say({ user: ANNA, channel: direct, text: 'one' });
    await slack.say({ user: ANNA, channel: ROOM, text: mention('two') });
    await slack.say({ user: ANNA, channel: ROOM, text: 'three', threadTs: post.ts });
    const channelType = 'slack';
    assert.deepEqual(
      received.map(({ text, metadata }) => [text, metadata.scope, metadata.destination]),
      [
        ['one', 'direct', { channelType, room: direct }],
        ['two', 'room', { channelType, room: ROOM }],
        ['three', 'thread', { channelType, room: ROOM, thread: post.ts }],
      ],
    );
  });

  it('ignores what is not for it: other talk, bots, itself, edits and joins, channels that are not configured', async () => {
    const { slack, direct } = rig;
    const { botUserId } = slack.workspace.app;
    const human = slack.workspace.post({ channel: ROOM, user: BERT, text: 'a thread of people' });
    const ignored = [
      { user: ANNA, channel: ROOM, text: 'approve 7f3ka2' },
      { user: ANNA, channel: ROOM, text: 'approve 7f3ka2', threadTs: human.ts },
      { user: ANNA, channel: ELSEWHERE, text: mention('status') },
      { user: BERT, channel: direct, text: 'status', event: { bot_id: 'B0OTHER' } },
      { user: botUserId, channel: direct, text: 'status' },
      { user: ANNA, channel: direct, text: 'status', event: { subtype: 'message_changed', hidden: true } },
      { user: ANNA, channel: ROOM, text: mention('status'), event: { subtype: 'channel_join' } },
    ];
    for (const words of ignored) assert.equal((await slack.say(words)).status, 200);
    assert.deepEqual(received, []);
    assert.deepEqual(
      rig.logger
        .linesOf('slack.ignored')
        .filter(({ level }) => level === 'info')
        .map(({ fields }) => fields['room']),
      [ELSEWHERE],
    );
  });

  it('reads words as they were typed, without the mention of itself', async () => {
    await rig.slack.say({
      user: ANNA,
      channel: ROOM,
      text: mention('!k8s logs api & "<b>" https://example.org/x?a=1&b=2'),
    });
    assert.equal(received[0]?.text, '/k8s logs api & "<b>" https://example.org/x?a=1&b=2');
  });

  it('names people of another workspace with that workspace', async () => {
    await rig.slack.say({ user: BERT, channel: ROOM, text: mention('status'), event: { user_team: 'T0OTHER' } });
    assert.equal(received[0]?.userId, `T0OTHER:${BERT}`);
  });

  it('takes slash commands as the words they stand for', async () => {
    const { slack, direct } = rig;
    const typed = [
      ['/k8s', 'pods -n prod'],
      ['/dogwatch', 'incident list'],
      ['/dogwatch', 'approve 7f3ka2'],
      ['/dogwatch', '/status'],
      ['/dogwatch', ''],
      ['/dogwatch', 'approve'],
      ['/dogwatch', 'reject 7f3'],
    ] as const;
    for (const [command, text] of typed) {
      const { status, body } = await slack.command({ user: ANNA, channel: ROOM, command, text });
      assert.deepEqual({ status, body }, { status: 200, body: null });
    }
    assert.deepEqual(
      received.map(({ text }) => text),
      ['/k8s pods -n prod', '/incident list', 'approve 7f3ka2', '/status', '/help', 'approve', 'reject 7f3'],
    );
    assert.equal(new Set(received.map(({ metadata }) => metadata.messageId)).size, typed.length);
    await slack.command({ user: ANNA, channel: direct, command: '/k8s', text: 'pods' });
    assert.equal(received.at(-1)?.metadata.destination.room, ANNA);
    assert.equal(received.at(-1)?.metadata.scope, 'direct');
  });

  it('tells the one who typed a command in a channel that is not configured, and nobody else', async () => {
    const { body } = await rig.slack.command({ user: ANNA, channel: ELSEWHERE, command: '/k8s', text: 'pods' });
    assert.equal((body as { response_type: string }).response_type, 'ephemeral');
    assert.match((body as { text: string }).text, /slack\.answerIn/);
    assert.deepEqual(received, []);
  });

  it('refuses bodies that are none with 4xx', async () => {
    const { slack } = rig;
    assert.equal((await slack.postRaw('{', 'application/json')).status, 400);
    assert.equal((await slack.postRaw('[]', 'application/json')).status, 422);
    assert.equal((await slack.postRaw('payload=%7B', 'application/x-www-form-urlencoded')).status, 422);
    assert.equal((await slack.postRaw('', 'application/json')).status, 400);
  });
});
