import assert from 'node:assert/strict';
import { MemoryTopicMemory, TOPIC_TTL_MS } from '@dogwatch/core';
import { ManualClock } from '@dogwatch/testkit';

describe('the memory of topics', () => {
  it('remembers the newest topic of each conversation apart', async () => {
    const memory = new MemoryTopicMemory(new ManualClock());
    await memory.remember('a', { about: 1 });
    await memory.remember('a', { about: 2 });
    await memory.remember('b', { about: 3 });
    assert.deepEqual(await memory.recall('a'), { about: 2 });
    assert.deepEqual(await memory.recall('b'), { about: 3 });
    assert.equal(await memory.recall('c'), null);
  });

  it('forgets what was not spoken of for long', async () => {
    const clock = new ManualClock();
    const memory = new MemoryTopicMemory(clock);
    await memory.remember('a', { about: 1 });
    await clock.advance(TOPIC_TTL_MS - 1);
    assert.deepEqual(await memory.recall('a'), { about: 1 });
    await clock.advance(1);
    assert.equal(await memory.recall('a'), null);
  });

  it('keeps a bounded number of conversations, the newest ones', async () => {
    const memory = new MemoryTopicMemory(new ManualClock());
    for (let index = 0; index <= 5_000; index++) await memory.remember(String(index), { index });
    assert.equal(await memory.recall('0'), null);
    assert.deepEqual(await memory.recall('1'), { index: 1 });
    assert.deepEqual(await memory.recall('5000'), { index: 5_000 });
  });
});
