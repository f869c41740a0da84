import assert from 'node:assert/strict';
import { AppError, isAppError } from '@dogwatch/core';
import { ManualClock } from '@dogwatch/testkit';
import { ChannelPacer } from '../dist/channel-pacer.js';

function limited(retryAfterMs: number): AppError {
  return new AppError('DW_SLACK_RATE_LIMITED', 'too many', { isRetryable: true, retryAfterMs });
}

describe('ChannelPacer', () => {
  it('makes one call a second to a channel, in order, and none wait for another channel', async () => {
    const clock = new ManualClock(0);
    const pacer = new ChannelPacer(clock);
    const made: string[] = [];
    const call = (name: string) => async (): Promise<void> => void made.push(`${name} at ${clock.now()}`);
    void pacer.run('A', call('a1'));
    void pacer.run('A', call('a2'));
    void pacer.run('A', call('a3'));
    void pacer.run('B', call('b1'));
    await clock.advance(999);
    assert.deepEqual(made, ['a1 at 0', 'b1 at 0']);
    await clock.advance(2_000);
    assert.deepEqual(made.slice(2), ['a2 at 1000', 'a3 at 2000']);
  });

  it('waits as long as Slack says, holds back what comes after, and then makes the call again', async () => {
    const clock = new ManualClock(0);
    const pacer = new ChannelPacer(clock);
    const made: string[] = [];
    let refusals = 1;
    const first = pacer.run('A', async () => {
      made.push(`first at ${clock.now()}`);
      if (refusals-- > 0) throw limited(7_000);
      return 'sent';
    });
    void pacer.run('A', async () => void made.push(`second at ${clock.now()}`));
    await clock.advance(6_999);
    assert.deepEqual(made, ['first at 0']);
    await clock.advance(2_000);
    assert.equal(await first, 'sent');
    assert.deepEqual(made, ['first at 0', 'first at 7000', 'second at 8000']);
  });

  it('gives up after some tries, with the error that says when to try again', async () => {
    const clock = new ManualClock(0);
    let tries = 0;
    const outcome = new ChannelPacer(clock)
      .run('A', async () => {
        tries += 1;
        throw limited(1_000);
      })
      .catch((error: unknown) => error);
    await clock.advance(60_000);
    const error = await outcome;
    assert.ok(isAppError(error) && error.code === 'DW_SLACK_RATE_LIMITED' && error.retryAfterMs === 1_000);
    assert.equal(tries, 5);
  });

  it('does not repeat what Slack refuses for good', async () => {
    let tries = 0;
    const outcome = await new ChannelPacer(new ManualClock(0))
      .run('A', async () => {
        tries += 1;
        throw new AppError('DW_SLACK_REFUSED', 'no such channel');
      })
      .catch((error: unknown) => error);
    assert.ok(isAppError(outcome) && outcome.code === 'DW_SLACK_REFUSED');
    assert.equal(tries, 1);
  });
});
