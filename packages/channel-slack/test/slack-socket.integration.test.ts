import assert from 'node:assert/strict';
import { isAppError, plainMessage } from '@dogwatch/core';
import type { IncomingMessage } from '@dogwatch/core';
import { ANNA, startSlackRig } from './slack-rig.js';
import type { SlackRig } from './slack-rig.js';

describe('Socket Mode', () => {
  let rig: SlackRig;

  beforeEach(async () => {
    rig = await startSlackRig('socket', { acknowledgeWithinMs: 400 });
  });
  afterEach(() => rig.close());

  const say = (text: string) => rig.slack.say({ user: ANNA, channel: rig.direct, text });
  const textsOf = (received: readonly IncomingMessage[]): readonly string[] => received.map(({ text }) => text);

  it('opens no route, and acknowledges a message when it is stored', async () => {
    let release = (): void => undefined;
    await rig.channel.start(() => new Promise<void>((resolve) => (release = resolve)));
    assert.deepEqual(await say('first'), { status: null, body: null });
    release();
    const second = say('second');
    await new Promise((resolve) => setTimeout(resolve, 50));
    release();
    assert.equal((await second).status, 200);
  });

  it('does not acknowledge what cannot be stored', async () => {
    await rig.channel.start(() => Promise.reject(new Error('the disk is full')));
    assert.equal((await say('lost?')).status, null);
    assert.equal(rig.logger.linesOf('slack.not-acknowledged').length, 1);
  });

  it('gives the same id at a redelivery', async () => {
    const received = await rig.record();
    const payload = rig.slack.wordsPayload({ user: ANNA, channel: rig.direct, text: 'status' });
    await rig.slack.deliver(payload);
    await rig.slack.deliver(payload, { retryNum: 1, retryReason: 'timeout' });
    assert.deepEqual(
      received.map(({ metadata }) => metadata.messageId),
      Array(2).fill(payload.body['event_id']),
    );
  });

  it('connects anew when Slack asks for it', async () => {
    const received = await rig.record();
    await say('one');
    rig.slack.socket.requestRefresh();
    await rig.slack.socket.until((hub) => hub.greeted === 2);
    await say('two');
    assert.deepEqual(textsOf(received), ['one', 'two']);
  });

  it('connects anew after the connection was cut, again and again', async () => {
    const received = await rig.record();
    for (let round = 1; round <= 3; round++) {
      rig.slack.socket.cut();
      await rig.slack.socket.until((hub) => hub.greeted === round + 1 && hub.connections === 1);
      await say(`round ${round}`);
    }
    assert.deepEqual(textsOf(received), ['round 1', 'round 2', 'round 3']);
  });

  it('outlives refusals to connect, and comes back', async () => {
    const received = await rig.record();
    rig.slack.refuse('apps.connections.open', { error: 'internal_error', times: 3 });
    rig.slack.socket.cut();
    await rig.slack.socket.until((hub) => hub.greeted === 2);
    await say('back');
    assert.deepEqual(textsOf(received), ['back']);
    assert.equal(rig.logger.linesOf('slack.disconnected').length, 3);
  });

  it('ends the start when Slack refuses the token', async () => {
    rig.slack.refuse('apps.connections.open', { error: 'invalid_auth' });
    const error: unknown = await rig.record().catch((thrown: unknown) => thrown);
    assert.ok(isAppError(error) && error.code === 'DW_SLACK_TOKEN', String(error));
  });

  it('starts without Slack, and connects when it is there', async () => {
    rig.slack.refuse('auth.test', { status: 500 });
    rig.slack.refuse('apps.connections.open', { status: 503 });
    const received = await rig.record();
    await rig.slack.socket.until((hub) => hub.connections === 1);
    await say('hello');
    assert.deepEqual(textsOf(received), ['hello']);
    assert.equal(rig.logger.linesOf('slack.unreachable').length, 1);
  });

  it('pauses between connections that end at once', async () => {
    await rig.record();
    const startedAt = rig.clock.now();
    for (let round = 1; round <= 4; round++) {
      rig.slack.socket.cut();
      await rig.slack.socket.until((hub) => hub.greeted === round + 1);
    }
    assert.ok(rig.clock.now() - startedAt >= 4_000);
  });

  it('takes nothing and opens nothing after its stop', async () => {
    await rig.record();
    await rig.channel.stop();
    await rig.slack.socket.until((hub) => hub.connections === 0);
    await rig.clock.advance(60_000);
    assert.equal(rig.slack.socket.greeted, 1);
    await rig.channel.send({ channelType: 'slack', room: rig.direct }, plainMessage('the last answer'));
    assert.ok(rig.slack.view().text.includes('the last answer'));
  });
});
