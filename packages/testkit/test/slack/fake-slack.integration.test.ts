import assert from 'node:assert/strict';
import { webApi } from '@slack/bolt';
import { FakeSlack, ManualClock, signSlackRequest } from '@dogwatch/testkit';

const ROOM = 'C0ROOM0001';

describe('FakeSlack', () => {
  let slack: FakeSlack;
  let clock: ManualClock;

  beforeEach(async () => {
    clock = new ManualClock();
    slack = await FakeSlack.start({ clock, acknowledgeWithinMs: 200 });
    slack.workspace.addChannel({ id: ROOM });
  });
  afterEach(() => slack.close());

  function clientOf(token = slack.botToken) {
    const quiet = {
      debug() {},
      info() {},
      warn() {},
      error() {},
      setLevel() {},
      setName() {},
      getLevel: () => webApi.LogLevel.ERROR,
    };
    return new webApi.WebClient(token, {
      slackApiUrl: slack.apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: quiet,
    });
  }

  /** Slack's word for the refusal of a call, or `ok`. */
  async function wordOf(call: Promise<unknown>): Promise<string> {
    try {
      await call;
      return 'ok';
    } catch (error) {
      return (error as { data?: { error?: string } }).data?.error ?? (error as Error).message;
    }
  }

  const section = (length: number) => ({ type: 'section', text: { type: 'plain_text', text: 'x'.repeat(length) } });
  const button = (overrides: object = {}) => ({
    type: 'actions',
    elements: [{ type: 'button', action_id: 'a', text: { type: 'plain_text', text: 'Go' }, ...overrides }],
  });

  describe('to the official client', () => {
    it('posts, edits and deletes messages', async () => {
      const client = clientOf();
      const posted = await client.chat.postMessage({ channel: ROOM, text: 'hello' });
      assert.match(posted.ts ?? '', /^\d{10}\.\d{6}$/);
      await client.chat.update({ channel: ROOM, ts: posted.ts ?? '', text: 'bye' });
      assert.deepEqual(
        slack.messages(ROOM).map(({ text, isEdited }) => [text, isEdited]),
        [['bye', true]],
      );
      await client.chat.delete({ channel: ROOM, ts: posted.ts ?? '' });
      assert.equal(
        await wordOf(client.chat.update({ channel: ROOM, ts: posted.ts ?? '', text: '?' })),
        'message_not_found',
      );
    });

    it('says who the bot is, and opens direct messages', async () => {
      const client = clientOf();
      assert.equal((await client.auth.test()).user_id, slack.workspace.app.botUserId);
      const { channel } = await client.conversations.open({ users: 'U0ANNA0001' });
      await client.chat.postMessage({ channel: 'U0ANNA0001', text: 'hi' });
      assert.equal(slack.messages(channel?.id ?? '').length, 1);
    });

    it('refuses tokens as Slack does', async () => {
      assert.equal(await wordOf(clientOf('xoxb-wrong').auth.test()), 'invalid_auth');
      assert.equal(await wordOf(clientOf('').auth.test()), 'not_authed');
      assert.equal(
        await wordOf(clientOf(slack.appToken).chat.postMessage({ channel: ROOM, text: '?' })),
        'not_allowed_token_type',
      );
      assert.equal(await wordOf(clientOf().apiCall('apps.connections.open')), 'not_allowed_token_type');
      assert.equal(await wordOf(clientOf().apiCall('no.such.method')), 'unknown_method');
    });

    it('refuses channels that are not there or that the bot is not in', async () => {
      slack.workspace.addChannel({ id: 'C0PRIVATE1', isMember: false });
      assert.equal(
        await wordOf(clientOf().chat.postMessage({ channel: 'C0NOWHERE1', text: '?' })),
        'channel_not_found',
      );
      assert.equal(await wordOf(clientOf().chat.postMessage({ channel: 'C0PRIVATE1', text: '?' })), 'not_in_channel');
    });

    it("lets nobody edit another's message", async () => {
      const { ts } = slack.workspace.post({ channel: ROOM, user: 'U0ANNA0001', text: 'mine' });
      assert.equal(await wordOf(clientOf().chat.update({ channel: ROOM, ts, text: '?' })), 'cant_update_message');
    });

    const tooMuch: readonly (readonly [string, object, string])[] = [
      ['no text and no blocks', {}, 'no_text'],
      ['40,001 characters', { text: 'x'.repeat(40_001) }, 'msg_too_long'],
      ['51 blocks', { blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }, 'invalid_blocks'],
      ['3,001 characters in a section', { blocks: [section(3_001)] }, 'invalid_blocks'],
      ['an empty section', { blocks: [section(0)] }, 'invalid_blocks'],
      ['151 characters in a header', { blocks: [{ ...section(151), type: 'header' }] }, 'invalid_blocks'],
      [
        '76 characters on a button',
        { blocks: [button({ text: { type: 'plain_text', text: 'x'.repeat(76) } })] },
        'invalid_blocks',
      ],
      ['2,001 characters in a value', { blocks: [button({ value: 'x'.repeat(2_001) })] }, 'invalid_blocks'],
      [
        'two buttons of one id',
        { blocks: [{ type: 'actions', elements: [...button().elements, ...button().elements] }] },
        'invalid_blocks',
      ],
      ['a block of no known type', { blocks: [{ type: 'marquee' }] }, 'invalid_blocks'],
      ['blocks that are no list', { blocks: { type: 'divider' } }, 'invalid_blocks_format'],
      ['too much in all blocks', { blocks: Array.from({ length: 5 }, () => section(2_900)) }, 'msg_blocks_too_long'],
    ];
    for (const [name, content, word] of tooMuch) {
      it(`refuses ${name}`, async () => {
        assert.equal(await wordOf(clientOf().apiCall('chat.postMessage', { channel: ROOM, ...content })), word);
        assert.deepEqual(slack.messages(), []);
      });
    }

    it('takes what just fits', async () => {
      const blocks = [section(3_000), { ...section(150), type: 'header' }, button({ value: 'x'.repeat(2_000) })];
      assert.equal(
        await wordOf(clientOf().apiCall('chat.postMessage', { channel: ROOM, text: 'x'.repeat(4_000), blocks })),
        'ok',
      );
    });

    it('limits the rate of each channel when it shall', async () => {
      slack.workspace.addChannel({ id: 'C0OTHER001' });
      slack.isRateLimited = true;
      const post = (channel: string) => clientOf().chat.postMessage({ channel, text: '?' });
      await post(ROOM);
      const refusal: unknown = await post(ROOM).catch((error: unknown) => error);
      assert.equal((refusal as { retryAfter?: number }).retryAfter, 1);
      await post('C0OTHER001');
      await clock.advance(1_000);
      await post(ROOM);
    });

    it('fails as often as it is told to', async () => {
      slack.refuse('auth.test', { error: 'internal_error', times: 2 });
      const words = [
        await wordOf(clientOf().auth.test()),
        await wordOf(clientOf().auth.test()),
        await wordOf(clientOf().auth.test()),
      ];
      assert.deepEqual(words, ['internal_error', 'internal_error', 'ok']);
      assert.deepEqual(
        slack.calls.map(({ method, answer }) => [method, answer]),
        words.map((word) => ['auth.test', word]),
      );
    });
  });

  it('shows what mentions and links of sent text did, and text that did nothing', async () => {
    await clientOf().chat.postMessage({
      channel: ROOM,
      text: '<!channel> look at <https://evil.example|this>, &lt;b&gt;',
    });
    const { text, effects } = slack.view(ROOM);
    assert.equal(text, '!channel look at this, <b>');
    assert.deepEqual(effects, ['<!channel>', '<https://evil.example|this>']);
  });

  it('makes the signature of the example in the documentation', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const headers = signSlackRequest({ secret: '8f742231b10e8888abcd99yyyzzz85a5', timestamp: 1_531_420_618, body });
    assert.equal(headers['x-slack-signature'], 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503');
  });

  it('cannot deliver where nobody listens', async () => {
    slack.requestUrl = 'http://127.0.0.1:9/nothing';
    assert.equal((await slack.say({ user: 'U1', channel: ROOM, text: 'hello?' })).status, null);
  });
});
