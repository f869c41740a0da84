import assert from 'node:assert/strict';
import { assertIncludes } from '../assert-includes.js';
import { PipelineRig } from './pipeline-rig.js';

const minute = 60_000;

describe('repeats of a known problem', () => {
  it('are counted by distinct occurrences, resends are not', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed({ occurrence: 'a' }));
    for (const occurrence of ['a', 'b', 'a', 'b', 'c']) await rig.emit(rig.observed({ occurrence }));
    await rig.clock.advance(5 * minute);
    assert.equal((await rig.only()).problems[0]?.count, 3);
  });

  it('stay out of the log for 5 minutes, then come as one record with their count', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed({ occurrence: 'first' }));
    for (let index = 0; index < 50; index++) {
      await rig.clock.advance(1_000);
      await rig.emit(rig.observed({ occurrence: `restart-${index}` }));
    }
    assert.equal((await rig.types()).filter((type) => type === 'problem-observed').length, 1);
    await rig.clock.advance(5 * minute);
    const records = (await rig.events()).filter((event) => event.type === 'problem-observed');
    assert.deepEqual(
      records.map((event) => event.data['count']),
      [1, 51],
    );
    await rig.clock.advance(60 * minute);
    assert.equal((await rig.types()).filter((type) => type === 'problem-observed').length, 2);
  });

  it('are logged with the next change of state', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed({ occurrence: 'a' }));
    await rig.emit(rig.observed({ occurrence: 'b', message: 'Exit code 2.' }));
    await rig.emit(rig.observed({ facet: 'oom_killed' }));
    const [crash] = (await rig.only()).problems;
    assertIncludes(crash, { count: 2, message: 'Exit code 2.' });
  });

  it('are logged before the problem is cleared', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed({ occurrence: 'a' }));
    await rig.emit(rig.observed({ occurrence: 'b' }));
    await rig.emit(rig.cleared());
    assert.equal((await rig.only()).problems[0]?.count, 2);
  });

  it('are logged when Dogwatch stops', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed({ occurrence: 'a' }));
    await rig.emit(rig.observed({ occurrence: 'b' }));
    await rig.stop();
    assert.equal((await rig.only()).problems[0]?.count, 2);
  });

  it('are not counted twice by a process that takes over', async () => {
    const rig = await new PipelineRig().start();
    const repeats = ['a', 'b', 'c'].map((occurrence) => rig.observed({ occurrence }));
    for (const event of repeats) await rig.emit(event);
    await rig.stop();
    const next = await new PipelineRig({ log: rig.log, clock: rig.clock }).start();
    for (const event of repeats) await next.emit(event);
    await next.stop();
    assert.equal((await next.only()).problems[0]?.count, 3);
  });

  it('are counted right beyond what a facet remembers', async () => {
    const rig = await new PipelineRig().start();
    for (let index = 0; index < 300; index++) {
      await rig.clock.advance(1_000);
      await rig.book.emit(rig.observed({ occurrence: `restart-${index}` }));
    }
    await rig.stop();
    assert.equal((await rig.only()).problems[0]?.count, 300);
  });

  it('say when the problem was first and last seen', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed({ occurrence: 'a' }));
    await rig.clock.advance(2 * minute);
    await rig.emit(rig.observed({ occurrence: 'b' }));
    await rig.stop();
    assertIncludes((await rig.only()).problems[0], {
      since: '2026-01-01T00:00:00.000Z',
      lastSeenAt: '2026-01-01T00:02:00.000Z',
    });
  });
});
