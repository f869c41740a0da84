import assert from 'node:assert/strict';
import { ManualClock } from '@dogwatch/testkit';
import { SendRate } from '../dist/send-rate.js';

describe('SendRate', () => {
  let clock: ManualClock;
  let rate: SendRate;
  let startedAt: number;

  beforeEach(() => {
    clock = new ManualClock();
    rate = new SendRate(clock);
    startedAt = clock.now();
  });

  async function timesOf(chatIds: readonly number[], withinMs: number): Promise<readonly number[]> {
    const times: number[] = [];
    chatIds.forEach((chatId) => void rate.turn(chatId).then(() => times.push(clock.now() - startedAt)));
    await clock.advance(withinMs);
    return times;
  }

  it('lets one message a second into a chat', async () => {
    assert.deepEqual(await timesOf([5, 5, 5], 10_000), [0, 1_000, 2_000]);
  });

  it('lets different chats not wait for each other', async () => {
    assert.deepEqual(await timesOf([5, 6, 7], 10_000), [0, 0, 0]);
  });

  it('lets twenty messages a minute into a group', async () => {
    const times = await timesOf(new Array<number>(22).fill(-5), 180_000);
    assert.deepEqual(times.slice(18), [18_000, 19_000, 60_000, 61_000]);
  });

  it('lets thirty messages a second into all chats together', async () => {
    const times = await timesOf(
      Array.from({ length: 62 }, (_, index) => index + 1),
      10_000,
    );
    assert.deepEqual([times[29], times[30], times[59], times[60]], [0, 1_000, 1_000, 2_000]);
  });

  it('does not hold up who has been silent', async () => {
    await timesOf([5], 5_000);
    assert.deepEqual(await timesOf([5], 0), [5_000]);
  });
});
