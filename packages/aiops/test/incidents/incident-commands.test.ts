import assert from 'node:assert/strict';
import { isAppError } from '@dogwatch/core';
import { assertIncludes } from '../assert-includes.js';
import { PipelineRig } from './pipeline-rig.js';

const anna = { channelType: 'web', userId: 'anna' };

describe('acknowledging and closing', () => {
  it('acknowledges once, by whom', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    const { id } = await rig.only();
    const first = await rig.book.acknowledge(id, anna);
    assertIncludes(first, { status: 'acknowledged', acknowledgedAt: '2026-01-01T00:00:00.000Z' });
    await rig.book.acknowledge(id, { channelType: 'web', userId: 'ben' });
    const events = (await rig.events()).filter((event) => event.type === 'acknowledged');
    assert.deepEqual(
      events.map((event) => event.actor),
      [anna],
    );
    assert.equal((await rig.log.listSummaries({ kind: 'incident', open: true })).items.length, 1);
  });

  it('closes whatever is active, and opens again only for a newer occurrence', async () => {
    const rig = await new PipelineRig().start();
    const event = rig.observed();
    await rig.emit(event);
    await rig.clock.advance(60_000);
    const { id } = await rig.only();
    const closed = await rig.book.close(id, anna, 'known, ignore');
    assertIncludes(closed, { status: 'resolved' });
    assert.equal(closed.problems[0]?.active, false);
    assert.deepEqual(rig.book.activeFacets('watch'), []);
    assertIncludes((await rig.events()).at(-1), {
      type: 'resolved',
      actor: anna,
      data: { by: 'closed', reason: 'known, ignore' },
    });
    await rig.emit(event);
    assert.equal((await rig.only()).status, 'resolved');
    await rig.clock.advance(1_000);
    await rig.emit(rig.observed());
    assert.equal((await rig.only()).status, 'open');
  });

  it('answers an incident that is over as it is when it is closed, and refuses to acknowledge it', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    await rig.emit(rig.cleared());
    const { id } = await rig.only();
    const length = (await rig.events()).length;
    assert.equal((await rig.book.close(id, anna, null)).status, 'resolved');
    await assert.rejects(
      rig.book.acknowledge(id, anna),
      (error) => isAppError(error) && error.code === 'DW_INCIDENT_RESOLVED',
    );
    assert.equal((await rig.events()).length, length);
  });

  it('does not touch the newer incident of a key', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    await rig.emit(rig.cleared());
    const { id: older } = await rig.only();
    await rig.clock.advance(60 * 60_000);
    await rig.emit(rig.observed());
    assert.equal((await rig.book.close(older, anna, null)).id, older);
    assert.deepEqual(
      (await rig.incidents()).map((incident) => incident.status),
      ['open', 'resolved'],
    );
  });

  it('refuses an unknown id', async () => {
    const rig = await new PipelineRig().start();
    for (const act of [rig.book.close('zzzzzz', anna, null), rig.book.acknowledge('zzzzzz', anna)]) {
      await assert.rejects(act, (error) => isAppError(error) && error.code === 'DW_INCIDENT_UNKNOWN');
    }
  });

  it('forgets an acknowledgement when the incident reopens', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    await rig.book.acknowledge((await rig.only()).id, anna);
    await rig.emit(rig.cleared());
    await rig.clock.advance(60_000);
    await rig.emit(rig.observed());
    assertIncludes(await rig.only(), { status: 'open', acknowledgedAt: null });
  });
});
