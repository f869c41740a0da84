import assert from 'node:assert/strict';
import { Secret } from '@dogwatch/core';
import { ManualClock, signSlackRequest } from '@dogwatch/testkit';
import { RefusedRequest, RequestGuard } from '../dist/request-guard.js';

const secret = 'top-secret';

function rig() {
  const clock = new ManualClock(1_800_000_000_000);
  const guard = new RequestGuard(new Secret(secret), clock);
  const signed = (body = '{"type":"event_callback"}', overrides: { secret?: string; timestamp?: number } = {}) => ({
    headers: signSlackRequest({ secret, timestamp: clock.now() / 1_000, body, ...overrides }),
    rawBody: Buffer.from(body),
  });
  const reason = (request: Parameters<RequestGuard['admit']>[0]): string => {
    try {
      guard.admit(request);
      return 'admitted';
    } catch (error) {
      return error instanceof RefusedRequest ? error.reason : String(error);
    }
  };
  return { clock, guard, signed, reason };
}

describe('RequestGuard', () => {
  it('knows the signature of the example in the documentation of Slack', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const guard = new RequestGuard(new Secret('8f742231b10e8888abcd99yyyzzz85a5'), new ManualClock(1_531_420_618_000));
    const headers = {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    };
    guard.admit({ headers, rawBody: Buffer.from(body) });
  });

  it('lets a signed request in, and the very same one not again', () => {
    const { signed, reason } = rig();
    const request = signed();
    assert.equal(reason(request), 'admitted');
    assert.equal(reason(request), 'replay');
    assert.equal(reason(signed('{"another":1}')), 'admitted');
  });

  it('lets the same body in when it is signed anew, as redeliveries are', async () => {
    const { clock, signed, reason } = rig();
    assert.equal(reason(signed()), 'admitted');
    await clock.advance(60_000);
    assert.equal(reason(signed()), 'admitted');
  });

  it('lets a redelivery by Slack within the same second in, which has the same signature, and gives it the same name', () => {
    const { guard, signed, reason } = rig();
    const request = signed();
    const { deliveryId } = guard.admit(request);
    const again = { ...request, headers: { ...request.headers, 'x-slack-retry-num': '1' } };
    assert.equal(guard.admit(again).deliveryId, deliveryId);
    for (const none of ['0', '', 'x', '1x', '-1']) {
      assert.equal(reason({ ...request, headers: { ...request.headers, 'x-slack-retry-num': none } }), 'replay', none);
    }
    assert.equal(reason(request), 'replay');
  });

  it('names what is signed anew otherwise', async () => {
    const { clock, guard, signed } = rig();
    const { deliveryId } = guard.admit(signed());
    await clock.advance(1_000);
    assert.notEqual(guard.admit(signed()).deliveryId, deliveryId);
  });

  it('lets the same request in again when it could not be taken', () => {
    const { guard, signed, reason } = rig();
    const request = signed();
    guard.admit(request).forget();
    assert.equal(reason(request), 'admitted');
  });

  it('refuses another secret, another body and another timestamp', () => {
    const { signed, reason } = rig();
    assert.equal(reason(signed('{}', { secret: 'another' })), 'signature');
    assert.equal(reason({ ...signed('{}'), rawBody: Buffer.from('{ }') }), 'signature');
    const { headers, rawBody } = signed('{}');
    const moved = { ...headers, 'x-slack-request-timestamp': String(Number(headers['x-slack-request-timestamp']) + 1) };
    assert.equal(reason({ headers: moved, rawBody }), 'signature');
  });

  it('refuses requests without a signature or with a timestamp that is none', () => {
    const { signed, reason } = rig();
    const { headers, rawBody } = signed();
    assert.equal(reason({ headers: {}, rawBody }), 'unsigned');
    assert.equal(reason({ headers: { ...headers, 'x-slack-request-timestamp': 'now' }, rawBody }), 'unsigned');
  });

  it('refuses what was signed more than five minutes ago or ahead', async () => {
    const { clock, signed, reason } = rig();
    const now = clock.now() / 1_000;
    assert.equal(reason(signed('1', { timestamp: now - 300 })), 'admitted');
    assert.equal(reason(signed('2', { timestamp: now - 301 })), 'timestamp');
    assert.equal(reason(signed('3', { timestamp: now + 301 })), 'timestamp');
  });

  it('knows a replay for as long as its timestamp counts', async () => {
    const { clock, signed, reason } = rig();
    const ahead = signed('{}', { timestamp: clock.now() / 1_000 + 300 });
    assert.equal(reason(ahead), 'admitted');
    await clock.advance(599_000);
    assert.equal(reason(ahead), 'replay');
    await clock.advance(2_000);
    assert.equal(reason(ahead), 'timestamp');
  });
});
