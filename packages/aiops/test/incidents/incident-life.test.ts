import assert from 'node:assert/strict';
import { MemoryIncidentLog, isoTime } from '@dogwatch/core';
import { assertIncludes } from '../assert-includes.js';
import { PipelineRig, web } from './pipeline-rig.js';

const minute = 60_000;

describe('an incident', () => {
  it('opens with its problem, its title and the answer of the rules in one append', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    assert.deepEqual(await rig.types(), ['opened', 'problem-observed', 'rule-matched']);
    const incident = await rig.only();
    assertIncludes(incident, {
      key: 'homelab/Deployment/shop/web',
      title: 'Deployment shop/web is in a crash loop',
      severity: 'critical',
      status: 'open',
      eventType: 'crash_loop',
      namespace: 'shop',
      resolvedAt: null,
    });
    assert.deepEqual(incident.sources, ['watch']);
    assert.equal(incident.problems.length, 1);
  });

  it('is one for all sources and problems of a key', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    await rig.emit(rig.observed({ facet: 'oom_killed', occurrence: 'a' }));
    await rig.emit(
      rig.observed({ source: 'other', facet: 'alert/1', eventType: 'alertmanager_firing', severity: 'info' }),
    );
    const incident = await rig.only();
    assert.deepEqual(
      incident.problems.map((problem) => problem.eventType),
      ['crash_loop', 'oom_killed', 'alertmanager_firing'],
    );
    assert.deepEqual(incident.sources, ['other', 'watch']);
  });

  it('takes title and event type from the problem of the smallest rank, unranked ones last by age', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed({ facet: 'custom', severity: 'info' }));
    assert.equal((await rig.only()).title, 'Deployment shop/web has custom');
    await rig.emit(rig.observed({ facet: 'replication_failure' }));
    await rig.emit(rig.observed({ facet: 'oom_killed' }));
    assert.equal((await rig.only()).eventType, 'oom_killed');
    await rig.emit(rig.cleared({ facet: 'oom_killed' }));
    assert.equal((await rig.only()).eventType, 'replication_failure');
  });

  it('has the highest severity of its active problems, and says when that changes', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed({ facet: 'custom', severity: 'warning' }));
    await rig.emit(rig.observed());
    assert.equal((await rig.only()).severity, 'critical');
    await rig.emit(rig.cleared());
    assert.equal((await rig.only()).severity, 'warning');
    const changes = (await rig.events()).filter((event) => event.type === 'severity-changed');
    assert.deepEqual(
      changes.map((event) => event.data),
      [
        { from: 'warning', to: 'critical' },
        { from: 'critical', to: 'warning' },
      ],
    );
  });

  it('closes when every source has cleared, not before', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    await rig.emit(rig.observed({ source: 'other', facet: 'alert/1' }));
    await rig.emit(rig.cleared());
    assert.equal((await rig.only()).status, 'open');
    await rig.emit(rig.cleared({ source: 'other', facet: 'alert/1' }));
    const incident = await rig.only();
    assert.equal(incident.status, 'resolved');
    assert.equal(incident.resolvedAt, isoTime(rig.clock.now()));
    assert.equal(
      incident.problems.every((problem) => !problem.active),
      true,
    );
    assert.equal((await rig.log.listSummaries({ kind: 'incident', open: true })).items.length, 0);
  });

  it('reopens when the key has trouble again within 15 minutes', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    await rig.emit(rig.cleared());
    await rig.clock.advance(15 * minute - 1);
    await rig.emit(rig.observed());
    const incident = await rig.only();
    assertIncludes(incident, { status: 'open', resolvedAt: null });
    assert.deepEqual((await rig.types()).slice(-3), ['reopened', 'problem-observed', 'rule-matched']);
    assert.equal((await rig.events()).at(-1)?.data['trigger'], 'reopened');
  });

  it('is followed by a new one when trouble comes back later than that', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.observed());
    await rig.emit(rig.cleared());
    await rig.clock.advance(15 * minute);
    await rig.emit(rig.observed());
    const incidents = await rig.incidents();
    assert.deepEqual(
      incidents.map((incident) => incident.status),
      ['open', 'resolved'],
    );
    assert.equal((await rig.events(incidents[0]?.id))[0]?.data['previousIncident'], incidents[1]?.id);
  });

  it('is not raised again by an occurrence that is older than the clearing, not even as a new incident', async () => {
    const rig = await new PipelineRig().start();
    const old = rig.observed();
    await rig.emit(old);
    await rig.clock.advance(minute);
    await rig.emit(rig.cleared());
    await rig.emit(old);
    await rig.emit({ ...old, occurrence: 'another, also older' });
    assert.equal((await rig.only()).status, 'resolved');
    await rig.clock.advance(60 * minute);
    await rig.emit(old);
    assert.equal((await rig.only()).status, 'resolved');
  });

  it('remembers clearings of earlier incidents of the key when a new one is open', async () => {
    const rig = await new PipelineRig().start();
    const old = rig.observed();
    await rig.emit(old);
    await rig.clock.advance(minute);
    await rig.emit(rig.cleared());
    await rig.clock.advance(60 * minute);
    await rig.emit(rig.observed({ facet: 'oom_killed' }));
    await rig.emit(old);
    const [newest] = await rig.incidents();
    assert.deepEqual(
      newest?.problems.map((problem) => problem.eventType),
      ['oom_killed'],
    );
  });

  it('is raised again within the second of the clearing only by an occurrence that was never seen', async () => {
    const rig = await new PipelineRig().start();
    await rig.clock.advance(500);
    const second = isoTime(Math.floor(rig.clock.now() / 1000) * 1000);
    const seen = rig.observed({ occurrence: 'pod/app/1', occurredAt: second });
    await rig.emit(seen);
    await rig.emit(rig.cleared());
    await rig.emit(seen);
    assert.equal((await rig.only()).status, 'resolved');
    await rig.emit(rig.observed({ occurrence: 'pod/app/2', occurredAt: second }));
    assert.equal((await rig.only()).status, 'open');
  });

  it('ignores the clearing of what is not active', async () => {
    const rig = await new PipelineRig().start();
    await rig.emit(rig.cleared());
    assert.equal((await rig.incidents()).length, 0);
    await rig.emit(rig.observed());
    await rig.emit(rig.cleared({ facet: 'oom_killed' }));
    assert.equal((await rig.only()).status, 'open');
  });

  it('tells a source what it has open', async () => {
    const rig = await new PipelineRig().start();
    const event = rig.observed();
    await rig.emit(event);
    await rig.emit(rig.observed({ source: 'other', facet: 'alert/1' }));
    const { occurrence, occurredAt } = event;
    assert.deepEqual(rig.book.activeFacets('watch'), [
      { resource: web, facet: 'crash_loop', eventType: 'crash_loop', occurrence, occurredAt },
    ]);
    await rig.emit(rig.cleared());
    assert.deepEqual(rig.book.activeFacets('watch'), []);
  });

  it('is folded from the log at start, and goes on there', async () => {
    const log = new MemoryIncidentLog();
    const first = await new PipelineRig({ log }).start();
    await first.emit(first.observed());
    const second = await new PipelineRig({ log, clock: first.clock }).start();
    assert.deepEqual(second.book.activeFacets('watch'), first.book.activeFacets('watch'));
    await second.emit(second.cleared());
    assert.equal((await second.only()).status, 'resolved');
  });

  it('keys an alert without an object by its fingerprint', async () => {
    const rig = await new PipelineRig().start();
    const resource = { cluster: 'homelab', kind: 'Alert', namespace: null, name: 'DiskFull', uid: null };
    await rig.emit(rig.observed({ source: 'other', resource, facet: 'alert/f1', facts: { title: 'is firing' } }));
    await rig.emit(rig.observed({ source: 'other', resource, facet: 'alert/f2' }));
    const incidents = await rig.incidents();
    assert.deepEqual(incidents.map((incident) => incident.key).sort(), ['homelab/Alert/-/f1', 'homelab/Alert/-/f2']);
    assert.ok(incidents.map((incident) => incident.title).includes('Alert DiskFull is firing'));
  });
});
